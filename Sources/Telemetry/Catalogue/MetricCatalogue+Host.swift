extension MetricCatalogue {
    /// What the kernel says about the machine and about this process. Its counters belong to the kernel and are not restored.
    static let host: [MetricDescriptor] = [
        MetricDescriptor(
            .hostCPU, "csvand_host_cpu_seconds_total", .counter, "Time of all processors by mode.",
            labels: [.fixed("mode", CPUTimes.modes)], persisted: false),
        MetricDescriptor(.hostCPUs, "csvand_host_cpus", .gauge, "Processors of the machine."),
        MetricDescriptor(.hostLoad1, "csvand_host_load1", .gauge, "Load average over one minute."),
        MetricDescriptor(.hostMemoryTotal, "csvand_host_memory_total_bytes", .gauge, "Memory of the machine."),
        MetricDescriptor(
            .hostMemoryAvailable, "csvand_host_memory_available_bytes", .gauge,
            "Memory that new work can have without swapping."),
        MetricDescriptor(.hostMemoryFree, "csvand_host_memory_free_bytes", .gauge, "Memory that nobody uses."),
        MetricDescriptor(.hostMemorySwapTotal, "csvand_host_memory_swap_total_bytes", .gauge, "Swap space."),
        MetricDescriptor(.hostMemorySwapFree, "csvand_host_memory_swap_free_bytes", .gauge, "Swap space left."),
        MetricDescriptor(
            .hostDiskSize, "csvand_host_disk_size_bytes", .gauge, "Size of the file system of the state directory."),
        MetricDescriptor(
            .hostDiskAvailable, "csvand_host_disk_available_bytes", .gauge,
            "Space left on the file system of the state directory."),
        MetricDescriptor(
            .processCPU, "process_cpu_seconds_total", .counter, "User and system time of the process.", persisted: false
        ),
        MetricDescriptor(.processOpenDescriptors, "process_open_fds", .gauge, "Open file descriptors."),
        MetricDescriptor(.processMaxDescriptors, "process_max_fds", .gauge, "Most file descriptors allowed."),
        MetricDescriptor(.processResidentMemory, "process_resident_memory_bytes", .gauge, "Resident memory."),
        MetricDescriptor(.processVirtualMemory, "process_virtual_memory_bytes", .gauge, "Virtual memory."),
        MetricDescriptor(
            .processStartTime, "process_start_time_seconds", .gauge, "Start of the process, seconds since 1970."),
        MetricDescriptor(.processThreads, "process_threads", .gauge, "Threads of the process."),
        MetricDescriptor(
            .buildInfo, "csvand_build_info", .gauge, "Always 1; the labels say what is running.",
            labels: [.open("version", cap: 4), .open("swift", cap: 4), .open("sqlite", cap: 4)]),
    ]
}
