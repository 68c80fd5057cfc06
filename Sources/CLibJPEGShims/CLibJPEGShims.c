#include "CLibJPEGShims.h"
