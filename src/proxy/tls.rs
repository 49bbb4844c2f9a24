//! TLS to the server: whom to trust, and what to say when that fails. The client's side stays plain.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Whom to trust as the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Whom this system trusts.
    #[default]
    System,
    /// The certificates of a PEM file: authorities, or the server's own.
    File(PathBuf),
    /// Anybody: no protection against anybody in between.
    Anybody,
}

/// Makes TLS connections.
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    pub(super) fn new(trust: &Trust, host: &str) -> Result<Tls, String> {
        let provider = Arc::new(rustls_graviola::default_provider());
        let verifier = verifier(trust, &provider)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no name for TLS"))?;
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub(super) async fn connect(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let connected = self.connector.connect(self.name.clone(), stream).await;
        connected.map_err(|error| io::Error::new(error.kind(), words(&error)))
    }
}

/// What a failed handshake means.
fn words(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let trouble = match tls {
        Some(Error::InvalidCertificate(why)) => match why {
            CertificateError::UnknownIssuer => "its certificate is signed by nobody that is trusted here".to_owned(),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name".to_owned()
            }
            other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                "its certificate is one that it made itself".to_owned()
            }
            other => format!("its certificate is not valid: {other}"),
        },
        Some(Error::AlertReceived(alert)) => return format!("TLS failed: it said {alert:?}"),
        Some(Error::InvalidMessage(_)) => return "it speaks no TLS there; rtmp:// instead of rtmps://?".to_owned(),
        _ if error.kind() == io::ErrorKind::UnexpectedEof => {
            return "TLS failed: it closed the connection during the handshake".to_owned();
        }
        _ => return format!("TLS failed: {error}"),
    };
    format!("{trouble} (--upstream-ca FILE names whom to trust, --insecure-upstream trusts anybody)")
}

fn verifier(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let (roots, pinned) = match trust {
        Trust::Anybody => return Ok(Arc::new(Anybody(Arc::clone(provider)))),
        Trust::File(path) => {
            let certificates = certificates(path)?;
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(certificates.iter().cloned());
            (roots, certificates)
        }
        Trust::System => {
            let found = rustls_native_certs::load_native_certs();
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(found.certs);
            if roots.is_empty() {
                return Err(
                    "this system has no list of trusted authorities: give one with --upstream-ca FILE".to_owned()
                );
            }
            (roots, Vec::new())
        }
    };
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    Ok(Arc::new(Known { inner: inner.map_err(|error| error.to_string())?, pinned }))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match found {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(format!("{} holds no certificate in PEM", path.display())),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

/// Trusts what known authorities signed, and the very certificates that the user gave: those that servers in labs make
/// for themselves are authorities of their own, which no path of trust allows.
#[derive(Debug)]
struct Known {
    inner: Arc<WebPkiServerVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

/// Trusts anybody.
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let result = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match result {
            Err(Error::InvalidCertificate(
                CertificateError::Other(OtherError(_)) | CertificateError::UnknownIssuer,
            )) if self.pinned.iter().any(|known| known == end_entity) => {
                let parsed = ParsedCertificate::try_from(end_entity)?;
                rustls::client::verify_server_name(&parsed, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

impl fmt::Debug for Anybody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Anybody")
    }
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
