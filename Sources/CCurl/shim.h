// libcurl's option functions are variadic, which Swift cannot call: one typed inline function a kind of argument.
#ifndef CSVAND_CCURL_H
#define CSVAND_CCURL_H
#include <curl/curl.h>

static inline CURLcode csvand_curl_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode csvand_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode csvand_setopt_off(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode csvand_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode csvand_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*csvand_data_callback)(char *, size_t, size_t, void *);
static inline CURLcode csvand_setopt_data_callback(CURL *handle, CURLoption option, csvand_data_callback value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*csvand_progress_callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
static inline CURLcode csvand_setopt_progress_callback(CURL *handle, csvand_progress_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
static inline CURLcode csvand_getinfo_long(CURL *handle, CURLINFO what, long *value) {
    return curl_easy_getinfo(handle, what, value);
}
#endif
