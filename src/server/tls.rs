//! TLS: certificates given, or made for one launch by an authority made for it too.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::kernel::{SimDuration, SimTime};

/// The host that https-only clients have built in.
pub const SERVICE_HOST: &str = "scaling.api.qcloud.com";

/// With what TLS connections are served.
#[derive(Clone)]
pub struct Tls(pub(super) TlsAcceptor);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// Why TLS cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The text of certificates cannot be read, or has none.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// The text of the key cannot be read, or has none.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// They do not go together.
    #[error("certificate and key cannot be used: {0}")]
    Pair(String),
    /// No certificate can be made.
    #[error("no certificate can be made: {0}")]
    Making(String),
}

/// A certificate made for one launch, and the authority that vouches for it.
#[derive(Clone, Debug)]
pub struct SelfSigned {
    /// For [`SERVICE_HOST`], localhost and the loopback addresses.
    pub tls: Tls,
    /// The authority's certificate, PEM: what a client has to trust. Its key is forgotten.
    pub ca_pem: String,
}

impl Tls {
    /// From texts in PEM: the certificate with those that vouch for it, and its key.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|error| TlsError::Certificate(error.to_string()))?;
        if chain.is_empty() {
            return Err(TlsError::Certificate(String::from("the file has none in PEM")));
        }
        let key = PrivateKeyDer::from_pem_slice(key);
        Self::new(chain, key.map_err(|error| TlsError::Key(error.to_string()))?)
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let wrong = |error: tokio_rustls::rustls::Error| TlsError::Pair(error.to_string());
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(wrong)?;
        let config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(wrong)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

/// How long a certificate made here holds: as long as the strictest clients take.
const VALIDITY: SimDuration = SimDuration::from_s(800 * 86_400);

impl SelfSigned {
    /// Makes both; `now` is the time on the wall. `also` are further addresses that it is for.
    ///
    /// # Errors
    /// [`TlsError::Making`].
    pub fn make(now: SimTime, also: &[IpAddr]) -> Result<Self, TlsError> {
        let wrong = |error: rcgen::Error| TlsError::Making(error.to_string());
        let ca_key = KeyPair::generate().map_err(wrong)?;
        let mut ca = params(Vec::new(), "asgsim, for one launch", now).map_err(wrong)?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_certificate = ca.self_signed(&ca_key).map_err(wrong)?;

        let key = KeyPair::generate().map_err(wrong)?;
        let names = [SERVICE_HOST, "localhost"].map(String::from).to_vec();
        let mut leaf = params(names, SERVICE_HOST, now).map_err(wrong)?;
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        let addresses = loopback.iter().chain(also);
        leaf.subject_alt_names.extend(addresses.map(|address| SanType::IpAddress(*address)));
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issuer = Issuer::from_params(&ca, &ca_key);
        let certificate = leaf.signed_by(&key, &issuer).map_err(wrong)?;

        let ca_pem = ca_certificate.pem();
        let key_der = PrivateKeyDer::try_from(key.serialize_der());
        let key_der = key_der.map_err(|error| TlsError::Making(error.to_owned()))?;
        let tls = Tls::new(vec![certificate.der().clone()], key_der)?;
        Ok(Self { tls, ca_pem })
    }
}

fn params(names: Vec<String>, name: &str, now: SimTime) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, name);
    let at = |t: SimTime| {
        let since = u64::try_from(t.unix_ms().max(0)).unwrap_or_default();
        date_time_ymd(1970, 1, 1) + Duration::from_millis(since)
    };
    // A day of grace for clocks that go slow.
    params.not_before = at(now - SimDuration::from_s(86_400));
    params.not_after = at(now + VALIDITY);
    Ok(params)
}
