//! Questions with one mistake each, made of an operation's row in the catalogue.

use cmc_api::{Method, Operation, Param, ParamKind};

use super::dex;
use super::question::Question;
use super::valid::{Parameters, Writer};

const NOBODY: &str = "99999999";

/// Every mistake that the operation's parameters invite.
pub(crate) fn questions(writer: &mut Writer<'_>, operation: &Operation) -> Vec<Question> {
    let right = writer.parameters(operation, 0);
    let method = method_of(operation);
    let mut wrong: Vec<Parameters> = Vec::new();
    wrong.push(with(&right, &[("foo", "bar")]));
    for param in &operation.params {
        let values = mistakes(param);
        wrong.extend(values.into_iter().map(|value| with(&right, &[(&*param.name, value)])));
        if param.required || right.iter().any(|(name, _)| *name == *param.name) {
            wrong.push(without(&right, |name| *name == *param.name));
            wrong.push(with(&right, &[(&*param.name, "")]));
        }
    }
    wrong.extend(together(operation, &right));
    let body = |question: Question| match operation.method {
        Method::Post => question.with_body(&dex::body(&operation.path, 0)),
        Method::Get => question,
    };
    let mut questions: Vec<Question> = wrong
        .iter()
        .map(|parameters| body(Question::new(method.clone(), &operation.path, parameters)))
        .collect();
    questions.extend(other_methods(operation, &right));
    if operation.method == Method::Post {
        questions.extend(broken_bodies(&operation.path));
    }
    questions
}

fn method_of(operation: &Operation) -> http::Method {
    match operation.method {
        Method::Post => http::Method::POST,
        Method::Get => http::Method::GET,
    }
}

/// Values that a parameter of that kind does not hold, or that name nothing.
fn mistakes(param: &Param) -> Vec<&'static str> {
    match &param.kind {
        ParamKind::Ids(_) | ParamKind::FewIds(_) => vec!["abc", "1,,2", "-1", NOBODY, "1,99999999"],
        ParamKind::Slugs(_) => vec!["Bit_coin", "no-such-name", "bitcoin,no-such-name"],
        ParamKind::Symbols => vec!["B.C", "é", "NOSUCHNAME", "BTC,NOSUCHNAME,nosuchtoo"],
        ParamKind::Integer(_) => vec!["abc", "1.5", "-1", "0", "99999999", "inf"],
        ParamKind::Number(_) => vec!["abc", "-101", "1e30"],
        ParamKind::Boolean => vec!["maybe", "1"],
        ParamKind::OneOf(_) => vec!["colour", "ALL"],
        ParamKind::SetOf(_) => vec!["colour", "active,colour"],
        ParamKind::Aux(_) => vec!["no_such_field", "no_such_field,nor_this,no_such_field"],
        ParamKind::Time => vec!["yesterday", "1", "2026-13-45"],
        ParamKind::Text => vec!["no-such-thing", NOBODY],
    }
}

/// Mistakes that take more than one parameter.
fn together(operation: &Operation, right: &Parameters) -> Vec<Parameters> {
    let mut wrong = Vec::new();
    let takes = |name: &str| operation.param(name).is_some();
    if !operation.one_of.is_empty() {
        let group = |name: &str| operation.one_of.iter().any(|one| **one == *name);
        wrong.push(without(right, group));
    }
    if takes("convert") && takes("convert_id") {
        wrong.push(with(right, &[("convert", "EUR"), ("convert_id", "2790")]));
        wrong.push(with(right, &[("convert_id", "2790,99999998")]));
    }
    if takes("matched_id") && takes("matched_symbol") {
        wrong.push(with(right, &[("matched_id", "825"), ("matched_symbol", "USDT")]));
    }
    if takes("skip_invalid") {
        for (name, value) in right.iter().filter(|(name, _)| takes_many(name)) {
            let nothing = if name.ends_with("id") { NOBODY } else { "nosuchname" };
            let list = format!("{value},{nothing}");
            wrong.push(with(right, &[(name, &list), ("skip_invalid", "false")]));
            wrong.push(with(right, &[(name, &list), ("skip_invalid", "true")]));
            wrong.push(with(right, &[(name, nothing), ("skip_invalid", "true")]));
        }
    }
    wrong
}

fn takes_many(name: &str) -> bool {
    ["id", "slug", "symbol"].iter().any(|end| name.ends_with(end))
}

fn other_methods(operation: &Operation, right: &Parameters) -> Vec<Question> {
    let path = &*operation.path;
    let others = match operation.method {
        Method::Post => [http::Method::GET, http::Method::PUT],
        Method::Get => [http::Method::POST, http::Method::DELETE],
    };
    others.into_iter().map(|method| Question::new(method, path, right)).collect()
}

fn broken_bodies(path: &str) -> Vec<Question> {
    let plain = || Question::new(http::Method::POST, path, &[]);
    let bodies = ["{", "[]", "nothing", "{}", r#"{"platform":7}"#, r#"{"unknown":true}"#, "null"];
    let mut questions: Vec<Question> =
        bodies.into_iter().map(|body| plain().with_body(body)).collect();
    questions.push(plain());
    questions.push(plain().with_body(dex::body(path, 0).trim_end_matches('}')));
    questions
}

fn with(right: &Parameters, changes: &[(&str, &str)]) -> Parameters {
    let mut changed = right.clone();
    for (name, value) in changes {
        match changed.iter_mut().find(|(given, _)| given == name) {
            Some(pair) => pair.1 = (*value).to_owned(),
            None => changed.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    changed
}

fn without(right: &Parameters, is_gone: impl Fn(&str) -> bool) -> Parameters {
    right.iter().filter(|(name, _)| !is_gone(name)).cloned().collect()
}
