#include "CLibPNGShims.h"
