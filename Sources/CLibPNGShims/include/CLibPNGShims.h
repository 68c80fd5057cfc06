#ifndef CLibPNGShims_H
#define CLibPNGShims_H
#endif
