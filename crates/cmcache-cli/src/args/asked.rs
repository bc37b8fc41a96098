//! What `get` and `price` are about: a friendly name or a path, with what the catalogue says that
//! it takes. A subcommand per friendly name and per path that was typed.

use std::ffi::OsString;

use clap::{
    Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, Subcommand, error::ErrorKind,
};

use super::parameters::{PARAM, with_parameters};
use crate::{
    friendly::{self, Friendly},
    tell,
};

/// What `get` and `price` are about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// A friendly name, or a path with or without a query.
    pub(crate) what: String,
    /// Bare words and `name=value`.
    pub(crate) words: Vec<String>,
    /// Parameters given as options, in the order of the catalogue.
    pub(crate) options: Vec<(String, String)>,
    /// The body of a `POST`: JSON, `@FILE` or `-`.
    pub(crate) body: Option<String>,
    /// Of several coins with a symbol, the first.
    pub(crate) first: bool,
}

impl FromArgMatches for Asked {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::raw(ErrorKind::MissingSubcommand, "a name or a path is missing\n");
        let (what, given) = matches.subcommand().ok_or_else(missing)?;
        let ids =
            given.ids().filter_map(|id| Some((id.as_str(), id.as_str().strip_prefix(PARAM)?)));
        let mut options = Vec::new();
        for (id, name) in ids {
            if let Some(value) = given.get_one::<String>(id) {
                options.push((name.to_owned(), value.clone()));
            }
        }
        options.sort();
        let words = given.try_get_many::<String>("words").ok().flatten();
        let body = given.try_get_one::<String>("body").ok().flatten();
        let first = given.try_get_one::<bool>("first").ok().flatten();
        Ok(Self {
            what: what.to_owned(),
            words: words.into_iter().flatten().cloned().collect(),
            options,
            body: body.cloned(),
            first: first.copied().unwrap_or(false),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Asked {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(friendly::ALL.iter().map(named))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(_name: &str) -> bool {
        true
    }
}

/// [`Asked`], of `price`: its help leaves the names to the help of `get`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Priced(pub(crate) Asked);

impl FromArgMatches for Priced {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Asked::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Subcommand for Priced {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(friendly::ALL.iter().map(|friendly| named(friendly).hide(true)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(_name: &str) -> bool {
        true
    }
}

/// The command line with a subcommand for each path that was typed.
pub(super) fn with_paths(command: Command, typed: &[OsString]) -> Command {
    // The first word is the program's own path.
    let words = typed.iter().skip(1).filter_map(|word| word.to_str());
    let mut paths: Vec<&str> = words.filter(|word| word.starts_with('/')).collect();
    paths.sort_unstable();
    paths.dedup();
    let add = |command: Command| command.subcommands(paths.iter().copied().map(path));
    command.mut_subcommand("get", add).mut_subcommand("price", add)
}

/// The subcommand of a friendly name.
fn named(friendly: &'static Friendly) -> Command {
    let operation = friendly::operation(friendly.path);
    let words = if friendly.words.is_empty() {
        "Parameters as name=value".to_owned()
    } else {
        let words: Vec<String> = friendly.words.iter().map(|word| word.to_uppercase()).collect();
        let ids = if friendly.takes_coins() { "; numbers are ids" } else { "" };
        format!("{}{ids}; other parameters as name=value", words.join(", then "))
    };
    let mut command = Command::new(friendly.name)
        .visible_aliases(friendly.aliases)
        .about(friendly.about)
        .after_help(format!("Stands for {}.", friendly.path))
        .arg(Arg::new("words").value_name("WORD").num_args(0..).help(words));
    if friendly.takes_coins() {
        let help = "Of several coins with that symbol, take the one with the best rank";
        let first = Arg::new("first").long("first").action(ArgAction::SetTrue).help(help);
        command = command.arg(first);
    }
    with_parameters(command, operation.as_ref())
}

/// The subcommand of a path as it was typed.
fn path(typed: &str) -> Command {
    let path = typed.split_once('?').map_or(typed, |(path, _)| path);
    let operation = friendly::operation(path);
    let about = match &operation {
        Some(operation) => format!("{} {path}: {}", operation.method, tell::told(operation)),
        None => format!("{path}, which is not in the catalogue: it is passed on as it is"),
    };
    let words = Arg::new("words").value_name("NAME=VALUE").num_args(0..);
    let command = Command::new(typed.to_owned())
        .hide(true)
        .about(about)
        .arg(words.help("Parameters, if not given as options"));
    with_parameters(command, operation.as_ref())
}
