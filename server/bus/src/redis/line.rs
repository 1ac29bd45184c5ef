//! The connection to a server or a Sentinel: over TLS where the address says so, and then only to
//! one with a trusted certificate.

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

/// Opens connections.
#[derive(Clone)]
pub(super) struct Lines {
    /// The TLS connector, where the address asks for TLS.
    tls: Option<TlsConnector>,
}

impl Lines {
    /// Returns the opener; every connection verifies the server's certificate.
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

    /// Connects to a server and authenticates.
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

    /// Verifies a server's certificate, without sending anything.
    pub(super) async fn look(&self, place: &Place) -> Result<(), Fault> {
        let Some(tls) = &self.tls else { return Ok(()) };
        let mut line = proved(tls, place, reach(place).await?).await?;
        Ok(line.shutdown().await?)
    }

    /// Returns whether servers must prove their identity.
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
            // The verifier's own message.
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
    // Setting the library's name would require permission for one more command.
    let mut as_whom =
        RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3).set_skip_set_lib_name();
    if let Some(name) = &account.name {
        as_whom = as_whom.set_username(name);
    }
    if let Some(password) = &account.password {
        as_whom = as_whom.set_password(password);
    }
    let (link, carrying) = MultiplexedConnection::new_with_config(&as_whom, stream, config).await?;
    // The task ends with the last handle to the connection.
    tokio::spawn(carrying);
    Ok(link)
}
