#ifndef CLibJPEGShims_H
#define CLibJPEGShims_H
#endif
