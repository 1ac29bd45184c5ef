//! The line to a server, or to a Sentinel: over TLS where the address says so, and then only to one that is believed.

use std::sync::Arc;

use redis::{
    AsyncConnectionConfig, ProtocolVersion, RedisConnectionInfo, aio::MultiplexedConnection,
};
use rustls::{
    ClientConfig,
    client::{Resumption, danger::ServerCertVerifier},
    crypto::ring,
    pki_types::ServerName,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    Fault, RedisError,
    address::{Account, Place},
};

/// How servers are reached.
#[derive(Clone)]
pub(super) struct Lines {
    /// What speaks TLS, where the address asks for it.
    tls: Option<TlsConnector>,
}

impl Lines {
    /// Returns how servers are reached; each is asked to prove itself at every connection.
    pub(super) fn new(trust: Option<Arc<dyn ServerCertVerifier>>) -> Result<Self, RedisError> {
        let Some(trust) = trust else { return Ok(Self { tls: None }) };
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(RedisError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(trust)
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Self { tls: Some(TlsConnector::from(Arc::new(config))) })
    }

    /// Connects to a server and says who asks.
    pub(super) async fn open(
        &self,
        place: &Place,
        account: &Account,
        config: AsyncConnectionConfig,
    ) -> Result<MultiplexedConnection, Fault> {
        let stream = reach(place).await?;
        match &self.tls {
            Some(tls) => speak(proved(tls, place, stream).await?, account, config).await,
            None => speak(stream, account, config).await,
        }
    }

    /// Lets a server prove who it is, if it must, and says nothing to it.
    pub(super) async fn look(&self, place: &Place) -> Result<(), Fault> {
        let Some(tls) = &self.tls else { return Ok(()) };
        let mut line = proved(tls, place, reach(place).await?).await?;
        Ok(line.shutdown().await?)
    }

    /// Tells whether servers must prove themselves.
    pub(super) const fn is_over_tls(&self) -> bool {
        self.tls.is_some()
    }
}

async fn reach(place: &Place) -> Result<TcpStream, Fault> {
    let stream = TcpStream::connect((place.host.as_str(), place.port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn proved(
    tls: &TlsConnector,
    place: &Place,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Fault> {
    let name = ServerName::try_from(place.host.clone()).map_err(|_| Fault::NoName)?;
    tls.connect(name, stream).await.map_err(|error| {
        let refused = error.get_ref().and_then(|refused| refused.downcast_ref());
        match refused {
            // In the words of who does not believe the server.
            Some(rustls::Error::Other(words)) => Fault::Unbelieved(words.to_string()),
            Some(_) | None => Fault::Line(error),
        }
    })
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    account: &Account,
    config: AsyncConnectionConfig,
) -> Result<MultiplexedConnection, Fault> {
    // Its name and release would take one more command to be allowed.
    let mut as_whom =
        RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3).set_skip_set_lib_name();
    if let Some(name) = &account.name {
        as_whom = as_whom.set_username(name);
    }
    if let Some(password) = &account.password {
        as_whom = as_whom.set_password(password);
    }
    let (link, carrying) = MultiplexedConnection::new_with_config(&as_whom, stream, config).await?;
    // It ends with the last of those who speak by it.
    tokio::spawn(carrying);
    Ok(link)
}
