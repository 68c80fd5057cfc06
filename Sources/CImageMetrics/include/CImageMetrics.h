#ifndef CImageMetrics_H
#define CImageMetrics_H
#endif
