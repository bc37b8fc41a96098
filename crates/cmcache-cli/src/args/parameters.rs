//! Parameters of operations as options, with what the catalogue says of them.

use std::sync::Arc;

use clap::{Arg, Command, builder::PossibleValue};
use cmcache::cmc_api::{Method, Operation, Param, ParamKind, Range};

/// Options of ours: a parameter of the same name must be written as name=value.
const RESERVED: [&str; 16] = [
    "all", "body", "config", "csv", "data-dir", "dry-run", "first", "help", "json", "list",
    "quiet", "raw", "set", "upstream", "url", "width",
];
/// Before the name of a parameter, in the ids of its option.
pub(super) const PARAM: &str = "param:";

/// `command` with an option for each parameter.
pub(super) fn with_parameters(mut command: Command, operation: Option<&Arc<Operation>>) -> Command {
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
