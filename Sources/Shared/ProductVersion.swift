/// The version of csvand and csvctl, which are released together.
package enum ProductVersion {
    package static let text = "0.1.0"
}
