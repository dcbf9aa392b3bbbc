"""Benchmarks of csvand against its peers; docs/performance.md describes them."""
