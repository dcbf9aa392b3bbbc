print("csvctl")
