//! Addresses: what they say, and how they are shown.

use std::fmt;

use percent_encoding::percent_decode_str;

/// One address, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) is_tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) database: i64,
}

impl Place {
    /// `None` if it is no address.
    pub(crate) fn read(url: &str) -> Option<Self> {
        let (is_tls, rest) = match url.strip_prefix("rediss://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("redis://")?),
        };
        let (login, rest) = match rest.rsplit_once('@') {
            Some((login, rest)) => (Some(login), rest),
            None => (None, rest),
        };
        let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()?),
            _ => (place, 6379),
        };
        let is_host =
            !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic() && !"@?#".contains(c));
        if !is_host || port == 0 {
            return None;
        }
        let database =
            if database.is_empty() { 0 } else { i64::from(database.parse::<u32>().ok()?) };
        let (user, password) = login.map_or(Some((None, None)), read_login)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { is_tls, host, port, user, password, database })
    }

    /// Whether both are reached in the same way.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let way = |place: &Self| {
            (place.is_tls, place.user.clone(), place.password.clone(), place.database)
        };
        way(self) == way(other)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.host, self.port, self.database)
    }
}

/// `user:password`, `:password` or `user`, percent-encoded.
fn read_login(login: &str) -> Option<(Option<String>, Option<String>)> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8().ok()?.into_owned();
        Some((!text.is_empty()).then_some(text))
    };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    Some((decoded(user)?, decoded(password)?))
}

/// Everything before the last `@` may be a secret, even where the address is malformed; what comes
/// before `://` is not.
pub(super) fn without_password(url: &str) -> String {
    let Some((secret, place)) = url.rsplit_once('@') else { return url.to_owned() };
    let scheme = ["rediss://", "redis://"].into_iter().find(|scheme| secret.starts_with(scheme));
    format!("{}***@{place}", scheme.unwrap_or_default())
}
