/* The tables of the inflector, lower-case; each ends with a NULL (a pair of them). Only inflect.c reads them. */
#ifndef KIN_SCHEMA_INFLECT_WORDS_H
#define KIN_SCHEMA_INFLECT_WORDS_H

struct inflect_pair {
    const char *singular, *plural;
};

/* Whole parts that have one form. */
extern const char *const inflect_uncountables[];

/* Whole parts with both their forms. Of pairs with a form in common the first one gives the answer; the later ones
 * are there so that their other form is understood. */
extern const struct inflect_pair inflect_irregulars[];

/* Endings, of which the longest that matches in either column decides; of equally long ones the first. A leading
 * '~' stands for one consonant, which stays. */
extern const struct inflect_pair inflect_endings[];

#endif
