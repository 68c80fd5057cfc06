#include "CImageMetrics.h"
