//! The build script of every crate that has planted bugs. `MUSTER_PLANT=name` compiles that one
//! bug in, as `cfg(plant = "name")`; without it there is none. Used by `cargo xtask plants`.

use std::io::{Result, Write, stdout};

fn main() -> Result<()> {
    let mut cargo = stdout();
    writeln!(cargo, "cargo:rerun-if-env-changed=MUSTER_PLANT")?;
    match std::env::var("MUSTER_PLANT") {
        Ok(name) if !name.is_empty() => writeln!(cargo, "cargo:rustc-cfg=plant=\"{name}\""),
        _ => Ok(()),
    }
}
