use std::{path::Path, process::ExitCode};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::{
    args::{self, Args},
    failure::Failure,
    print,
};

/// Prints the first page, or writes a page per command.
pub(crate) fn run(args: &args::Man) -> Result<ExitCode, Failure> {
    let mut command = Args::command();
    command.build();
    let Some(dir) = &args.dir else {
        print::text(&page(command, "cmcache")?);
        return Ok(ExitCode::SUCCESS);
    };
    let told = |error: &std::io::Error| Failure::file(&dir.display().to_string(), error);
    std::fs::create_dir_all(dir).map_err(|error| told(&error))?;
    let n_pages = write(dir, command, "cmcache")?;
    print::line(&format!("{n_pages} pages in {}", dir.display()));
    Ok(ExitCode::SUCCESS)
}

/// Writes the page of `command` and of all below it.
fn write(dir: &Path, command: Command, name: &str) -> Result<usize, Failure> {
    let below: Vec<Command> = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set() && below.get_name() != "help")
        .cloned()
        .collect();
    let path = dir.join(format!("{name}.1"));
    let written = std::fs::write(&path, page(command, name)?);
    written.map_err(|error| Failure::file(&path.display().to_string(), &error))?;
    let mut n_pages = 1;
    for below in below {
        let name = format!("{name}-{}", below.get_name());
        n_pages += write(dir, below, &name)?;
    }
    Ok(n_pages)
}

fn page(command: Command, name: &str) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let rendered = Man::new(command.name(name.to_owned())).render(&mut page);
    rendered.map_err(|error| Failure::file(name, &error))?;
    Ok(page)
}
