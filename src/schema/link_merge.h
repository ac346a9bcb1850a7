/* A foreign key and the attributes that hold it: made where they are missing, merged with what is there. */
#ifndef KIN_SCHEMA_LINK_MERGE_H
#define KIN_SCHEMA_LINK_MERGE_H

#include "schema/link.h"

struct link_key_request {
    const struct link_association *by;
    struct link_model *holder, *referenced;
    const struct link_key *target; /* what it points at */
    kin_names names;               /* of the attributes, one for each of target */
    const char *option;            /* for messages: "foreign_key" */
    const kin_attribute *about;    /* the association's .key; or NULL */
    int level;                     /* how much the association's actions weigh for this key */
    bool joins;                    /* a belongs-to-many's */
};

bool link_merge_key(const struct link *link, const struct link_key_request *request, struct link_key *out,
                    struct link_reference **reference);

/* Records what somebody said about an action. Two who say different things are a fault. */
bool link_say_action(const struct link *link, const struct link_reference *reference, struct link_action *said, const char *name,
                     kin_action action, const char *by);

#endif
