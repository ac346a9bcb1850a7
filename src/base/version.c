/* Which kin this is: the number in the header that the library was built with. */
#include <kin.h>

const char *kin_version(void)
{
    return KIN_VERSION;
}
