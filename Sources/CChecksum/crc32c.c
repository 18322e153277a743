// The functions are inline, in the header; a target has a source file.
#include "crc32c.h"
