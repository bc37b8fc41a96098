//! Migrations are embedded: a changed one must rebuild the crate.

fn main() {
    let out =
        std::io::Write::write_all(&mut std::io::stdout(), b"cargo:rerun-if-changed=migrations\n");
    out.expect("cargo reads what a build script says");
}
