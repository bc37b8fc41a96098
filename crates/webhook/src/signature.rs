use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A secret of this form holds its bytes in base64.
const PREFIX: &str = "whsec_";

/// Signs letters, so that a receiver knows who wrote them.
#[derive(Clone)]
pub struct Signer(Vec<u8>);

/// A secret that cannot be used. It is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// Too short to keep anybody out.
    #[error("the secret is too short: at least 16 bytes are needed")]
    Short,
    /// It begins as base64 and goes on otherwise.
    #[error("what follows `whsec_` in the secret is no base64")]
    NoBase64,
}

impl Signer {
    /// Signs with this secret: `whsec_` and base64, or the bytes of any other text.
    ///
    /// # Errors
    ///
    /// [`SignerError`]
    pub fn new(secret: &str) -> Result<Self, SignerError> {
        let key = match secret.strip_prefix(PREFIX) {
            Some(text) => STANDARD.decode(text).map_err(|_| SignerError::NoBase64)?,
            None => secret.as_bytes().to_vec(),
        };
        if key.len() < 16 { Err(SignerError::Short) } else { Ok(Self(key)) }
    }

    /// The value of `webhook-signature` for a letter that is sent at `now`, since the Unix epoch.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of every length.
    #[must_use]
    pub fn sign(&self, id: &str, now: Duration, body: &str) -> String {
        let key = Hmac::<Sha256>::new_from_slice(&self.0);
        let mut mac = key.expect("HMAC takes keys of every length");
        mac.update(format!("{id}.{}.{body}", now.as_secs()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

#[cfg(test)]
mod tests;
