print("csvand")
