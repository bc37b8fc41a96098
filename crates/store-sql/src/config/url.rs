//! Reads addresses. What is wrong is told without what may be secret.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::{Address, Target, Tls, TlsMode};
use crate::SqlError;

/// A parameter of a dialect: its name, and what it sets.
type Parameter = (&'static str, fn(&mut Address, &str) -> Option<()>);

const MYSQL: &[Parameter] = &[
    ("ssl-mode", |address, value| mode(address, value)),
    ("ssl-ca", |address, value| path(&mut address.tls.ca, value)),
    ("ssl-cert", |address, value| path(&mut address.tls.cert, value)),
    ("ssl-key", |address, value| path(&mut address.tls.key, value)),
    ("socket", |address, value| path(&mut address.socket, value)),
];

const POSTGRES: &[Parameter] = &[
    ("sslmode", |address, value| mode(address, value)),
    ("sslrootcert", |address, value| path(&mut address.tls.ca, value)),
    ("sslcert", |address, value| path(&mut address.tls.cert, value)),
    ("sslkey", |address, value| path(&mut address.tls.key, value)),
    ("host", |address, value| path(&mut address.socket, value)),
];

pub(super) fn read(url: &str) -> Result<Target, SqlError> {
    let (name, rest) = url.split_once(':').unwrap_or((url, ""));
    let refuse = |problem: String| SqlError::Url { scheme: scheme(url), problem };
    match name {
        "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
            "" => Err(refuse("has no path".to_owned())),
            path => Ok(Target::Sqlite(path.into())),
        },
        "mysql" | "mariadb" => address(rest, MYSQL).map(Target::Mysql).map_err(refuse),
        "postgres" | "postgresql" => {
            address(rest, POSTGRES).map(Target::Postgres).map_err(refuse)
        }
        _ => Err(refuse(
            "is no database that is known here; sqlite, mysql, mariadb, postgres and postgresql are"
                .to_owned(),
        )),
    }
}

/// What stands before the colon, as far as it is safe to show.
pub(super) fn scheme(url: &str) -> String {
    url.split_once(':').map_or(url, |(scheme, _)| scheme).chars().take(16).collect()
}

fn address(rest: &str, known: &[Parameter]) -> Result<Address, String> {
    let rest = rest.strip_prefix("//").ok_or("must be followed by a colon and two slashes")?;
    let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (place, database) = rest.rsplit_once('/').ok_or("names no database")?;
    let (who, place) = place.rsplit_once('@').ok_or("names no user")?;
    let (user, password) = match who.split_once(':') {
        Some((user, password)) => (user, Some(decoded(password, "password")?)),
        None => (who, None),
    };
    let (host, port) = host_and_port(place)?;
    let mut address = Address {
        host: decoded(host, "host")?,
        port,
        socket: None,
        user: decoded(user, "user")?,
        password: password.map(Into::into),
        database: decoded(database, "database")?,
        tls: Tls::default(),
    };
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        set(&mut address, parameter, known)?;
    }
    check(address)
}

fn check(address: Address) -> Result<Address, String> {
    if address.database.is_empty() {
        return Err("names no database".to_owned());
    }
    if address.user.is_empty() {
        return Err("names no user".to_owned());
    }
    if address.host.is_empty() && address.socket.is_none() {
        return Err("names no host".to_owned());
    }
    if address.tls.cert.is_some() != address.tls.key.is_some() {
        return Err("has a certificate without its key, or a key without it".to_owned());
    }
    Ok(address)
}

/// The host may be an IPv6 address in brackets.
fn host_and_port(place: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
        Some((host, "")) => return Ok((host, None)),
        Some((host, after)) => (host, after.strip_prefix(':').ok_or("has no host in it")?),
        None => match place.split_once(':') {
            Some(parts) => parts,
            None => return Ok((place, None)),
        },
    };
    let port = port.parse().map_err(|_| "has a port that is no number up to 65535")?;
    Ok((host, Some(port)))
}

fn set(address: &mut Address, parameter: &str, known: &[Parameter]) -> Result<(), String> {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let Some((_, setter)) = known.iter().find(|(known, _)| *known == name) else {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let name: String = name.chars().take(32).collect();
        return Err(format!("has no parameter {name:?}; known are {}", names.join(", ")));
    };
    let value = decoded(value, name)?;
    setter(address, &value).ok_or_else(|| match name {
        "ssl-mode" | "sslmode" => format!(
            "has a {name} that is none of disable, prefer, require, verify-ca, verify-full \
             (disabled, preferred, required, verify_ca, verify_identity)"
        ),
        _ => format!("has an empty {name}"),
    })
}

fn mode(address: &mut Address, value: &str) -> Option<()> {
    address.tls.mode = match value.to_ascii_lowercase().replace('_', "-").as_str() {
        "disable" | "disabled" => TlsMode::Off,
        "prefer" | "preferred" => TlsMode::Prefer,
        "require" | "required" => TlsMode::Require,
        "verify-ca" => TlsMode::VerifyCa,
        "verify-full" | "verify-identity" => TlsMode::VerifyFull,
        _ => return None,
    };
    Some(())
}

fn path(to: &mut Option<PathBuf>, value: &str) -> Option<()> {
    *to = (!value.is_empty()).then(|| value.into());
    to.is_some().then_some(())
}

fn decoded(text: &str, what: &str) -> Result<String, String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Into::into).map_err(|_| format!("has a {what} that is no UTF-8"))
}
