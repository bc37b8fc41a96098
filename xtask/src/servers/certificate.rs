//! A certificate for `localhost`, signed by an authority that lives as long as the servers.

use std::path::PathBuf;

use anyhow::Result;

use super::site::Site;
use crate::tools::OPENSSL;

/// The files that a TLS server and its clients read.
pub(super) struct Certificate {
    pub(super) authority: PathBuf,
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// An elliptic curve, since such keys are made in no time.
const CURVE: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/// Rustls wants a leaf that is not its own authority, of version 3, with the host's name in it.
const EXTENSIONS: &str = "basicConstraints=critical,CA:FALSE\n\
                          subjectAltName=DNS:localhost,IP:127.0.0.1\n";

impl Certificate {
    /// Makes one in the site's folder.
    pub(super) fn make(site: &Site<'_>) -> Result<Self> {
        std::fs::write(site.folder.join("extensions"), EXTENSIONS)?;
        site.run(site.command(OPENSSL)?.args(["req", "-x509", "-days", "30"]).args(CURVE).args([
            "-subj",
            "/CN=cmcache tests",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        ]))?;
        site.run(site.command(OPENSSL)?.args(["req", "-new"]).args(CURVE).args([
            "-subj",
            "/CN=localhost",
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
        ]))?;
        let sign = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
                    -extfile extensions -out server.pem";
        site.run(site.command(OPENSSL)?.args(sign.split_whitespace()))?;
        Ok(Self {
            authority: site.folder.join("ca.pem"),
            certificate: site.folder.join("server.pem"),
            key: site.folder.join("server.key"),
        })
    }
}
