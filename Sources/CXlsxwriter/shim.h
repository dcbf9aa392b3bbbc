#ifndef CSVAND_CXLSXWRITER_H
#define CSVAND_CXLSXWRITER_H
#include <xlsxwriter.h>
#endif
