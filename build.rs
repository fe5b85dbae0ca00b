//! Icon and version of the programs of Windows, which Explorer shows. Other builds need nothing from here.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "windows-resources")]
    windows_resources()?;
    Ok(())
}

#[cfg(feature = "windows-resources")]
fn windows_resources() -> std::io::Result<()> {
    const ICON: &str = "assets/icon.ico";
    println!("cargo::rerun-if-changed={ICON}");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return Ok(());
    }
    // The other strings, and the version as numbers, are those of Cargo.toml.
    winresource::WindowsResource::new()
        .set_icon(ICON)
        .set("ProductName", "Wirebench 网络调试助手")
        .set("FileDescription", "Wirebench 网络调试助手")
        .set("LegalCopyright", "MIT OR Apache-2.0")
        .compile()
}
