//! Clients over HTTP, with the usual settings.

use std::sync::Arc;

use clock::{Clock, SystemClock};

use super::Client;
use crate::{
    environment::Environment,
    http::{HttpConfig, HttpError, HttpUpstream},
    secret::Secret,
};

impl Client {
    /// Production, with a key.
    ///
    /// # Errors
    /// [`HttpError`] if the key cannot be sent, or TLS cannot be set up.
    pub fn pro(key: impl Into<Secret>) -> Result<Self, HttpError> {
        Self::connect(&Environment::Pro, Some(key.into()))
    }

    /// Production without a key: a subset of the operations, limited by address.
    ///
    /// # Errors
    /// [`HttpError`] if TLS cannot be set up.
    pub fn keyless() -> Result<Self, HttpError> {
        Self::connect(&Environment::Keyless, None)
    }

    /// The sandbox: generated garbage in the right shapes, old operations only.
    ///
    /// # Errors
    /// [`HttpError`] if the key cannot be sent, or TLS cannot be set up.
    pub fn sandbox(key: impl Into<Secret>) -> Result<Self, HttpError> {
        Self::connect(&Environment::Sandbox, Some(key.into()))
    }

    /// Any other base URL: a gateway, or a simulator.
    ///
    /// # Errors
    /// [`HttpError`] if the URL or the key cannot be used, or TLS cannot be set up.
    pub fn at(url: impl Into<String>, key: impl Into<Secret>) -> Result<Self, HttpError> {
        Self::connect(&Environment::Custom(url.into()), Some(key.into()))
    }

    /// Any environment, with or without a key.
    ///
    /// # Errors
    /// [`HttpError`] if the URL or the key cannot be used, or TLS cannot be set up.
    pub fn connect(environment: &Environment, key: Option<Secret>) -> Result<Self, HttpError> {
        let now = Arc::new(|| SystemClock.now().since_epoch());
        let config = HttpConfig::for_environment(environment, key, now);
        HttpUpstream::new(config).map(Self::new)
    }
}
