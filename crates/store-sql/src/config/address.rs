//! Where a server is, who asks, and how the line is secured.

use std::{fmt, path::PathBuf};

use secrecy::SecretString;

/// A database on a server.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) host: String,
    /// `None` is the usual one of the dialect.
    pub(crate) port: Option<u16>,
    /// A socket of this machine, instead of host and port.
    pub(crate) socket: Option<PathBuf>,
    pub(crate) user: String,
    pub(crate) password: Option<SecretString>,
    pub(crate) database: String,
    pub(crate) tls: Tls,
}

/// How the line is secured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tls {
    pub(crate) mode: TlsMode,
    /// Whom to believe, instead of whom the system believes.
    pub(crate) ca: Option<PathBuf>,
    /// Who we are, if the server wants to know.
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

/// What must hold before anything is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// No TLS.
    Off,
    /// TLS if the server has it.
    #[default]
    Prefer,
    /// TLS, whoever is at the other end.
    Require,
    /// TLS, with a certificate of somebody believed.
    VerifyCa,
    /// TLS, with a certificate of somebody believed for this very host.
    VerifyFull,
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@", self.user)?;
        match (&self.socket, self.port) {
            (Some(socket), _) => write!(f, "{}", socket.display())?,
            (None, Some(port)) => write!(f, "{}:{port}", self.host)?,
            (None, None) => f.write_str(&self.host)?,
        }
        write!(f, "/{}", self.database)
    }
}
