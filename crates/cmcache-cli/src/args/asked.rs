//! What `get` and `price` are about: a friendly name or a path, with what the catalogue says that
//! it takes. A subcommand per friendly name and per path that was typed.

use std::{ffi::OsString, sync::Arc};

use clap::{
    Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, Subcommand, builder::PossibleValue,
    error::ErrorKind,
};
use cmcache::cmc_api::{Method, Operation, Param, ParamKind, Range};

use crate::{
    friendly::{self, Friendly},
    tell,
};

/// Options of ours: a parameter of the same name must be written as name=value.
const RESERVED: [&str; 16] = [
    "all", "body", "config", "csv", "data-dir", "dry-run", "first", "help", "json", "list",
    "quiet", "raw", "set", "upstream", "url", "width",
];
/// Before the name of a parameter, in the ids of its option.
const PARAM: &str = "param:";

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

fn with_parameters(mut command: Command, operation: Option<&Arc<Operation>>) -> Command {
    let Some(operation) = operation else { return command };
    if operation.method == Method::Post {
        let body = Arg::new("body").long("body").value_name("JSON|@FILE|-").required(true);
        command = command.arg(body.help(body_help(operation)));
    }
    let params = operation.params.iter().filter(|param| !RESERVED.contains(&&*param.name));
    command.args(params.map(option))
}

/// What the body of a `POST` holds.
fn body_help(operation: &Operation) -> String {
    let fields = operation.body.iter().map(|field| match field.required {
        true => format!("{} (required)", field.name),
        false => field.name.to_string(),
    });
    let fields: Vec<String> = fields.collect();
    let of = if fields.is_empty() { "" } else { ", of " };
    format!("The body: JSON, a file, or standard input{of}{}", fields.join(", "))
}

/// The option of a parameter.
fn option(param: &Param) -> Arg {
    let name = param.name.to_string();
    let dashed = name.replace('_', "-");
    let mut arg = Arg::new(format!("{PARAM}{name}"))
        .long(name.clone())
        .value_name(value_name(&param.kind))
        .help(help(param))
        .allow_negative_numbers(true)
        .help_heading("Parameters");
    if dashed != name {
        arg = arg.alias(dashed);
    }
    if let ParamKind::OneOf(words) = &param.kind {
        let words = words.iter().map(|word| PossibleValue::new(word.to_string()));
        arg = arg.value_parser(words.collect::<Vec<_>>()).hide_possible_values(true);
    }
    arg
}

const fn value_name(kind: &ParamKind) -> &'static str {
    match kind {
        ParamKind::Text => "TEXT",
        ParamKind::Time => "TIME",
        ParamKind::Number(_) => "NUMBER",
        ParamKind::Integer(_) => "N",
        ParamKind::Boolean => "BOOL",
        ParamKind::OneOf(_) => "WORD",
        ParamKind::SetOf(_) | ParamKind::Aux(_) => "WORDS",
        ParamKind::Ids(_) | ParamKind::FewIds(_) => "IDS",
        ParamKind::Slugs(_) => "SLUGS",
        ParamKind::Symbols => "SYMBOLS",
    }
}

/// What the catalogue knows of a parameter.
fn help(param: &Param) -> String {
    let mut help = match &param.kind {
        ParamKind::Text => "any text".to_owned(),
        ParamKind::Time => "an instant: ISO-8601 or Unix seconds".to_owned(),
        ParamKind::Number(range) => format!("a number{}", bounds(range)),
        ParamKind::Integer(range) => format!("a whole number{}", bounds(range)),
        ParamKind::Boolean => "true or false".to_owned(),
        ParamKind::OneOf(words) => format!("one of {}", words.join(", ")),
        ParamKind::SetOf(words) | ParamKind::Aux(words) => format!("some of {}", words.join(", ")),
        ParamKind::Ids(subject) => format!("comma-separated {} ids", subject.word()),
        ParamKind::FewIds(max) => format!("at most {max} comma-separated ids"),
        ParamKind::Slugs(subject) => format!("comma-separated {} slugs", subject.word()),
        ParamKind::Symbols => "comma-separated symbols".to_owned(),
    };
    if param.required {
        help.push_str(" (required)");
    }
    if let Some(default) = &param.default {
        help.push_str(&format!(" [default: {}]", default.replace(',', ", ")));
    }
    help
}

fn bounds(range: &Range) -> String {
    match (&range.min, &range.max) {
        (Some(min), Some(max)) => format!(" from {} to {}", min.text, max.text),
        (Some(min), None) => format!(" from {}", min.text),
        (None, Some(max)) => format!(" up to {}", max.text),
        (None, None) => String::new(),
    }
}
