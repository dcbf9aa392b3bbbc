#ifndef CSVAND_CSYSTEMD_H
#define CSVAND_CSYSTEMD_H
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <systemd/sd-login.h>
#endif
