//! TLS on the same port, and the way in by CONNECT.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use asgsim::SimTime;
use asgsim::server::{SERVICE_HOST, SelfSigned, Tls};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{Answer, House, Plan, head};

/// A server with a certificate of its own, and what its clients trust.
fn house() -> (House, Arc<ClientConfig>) {
    house_with(Plan::default())
}

fn house_with(plan: Plan) -> (House, Arc<ClientConfig>) {
    let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = SimTime::from_unix_s(i64::try_from(wall.as_secs()).unwrap());
    let made = SelfSigned::make(now, &[]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(made.ca_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    (House::with(Plan { tls: Some(made.tls), ..plan }), Arc::new(config))
}

fn ask(stream: TcpStream, config: &Arc<ClientConfig>, name: &'static str) -> Answer {
    let name = ServerName::try_from(name).unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    stream
        .write_all(head("GET", "/v2/index.php?Action=DescribeScalingGroup", "").as_bytes())
        .unwrap();
    Answer::read(&mut stream)
}

/// S-033
#[test]
fn one_port_speaks_both() {
    let (house, config) = house();
    for name in [SERVICE_HOST, "localhost", "127.0.0.1"] {
        assert_eq!(ask(house.connect(), &config, name).code(), 0, "{name}");
    }
    assert_eq!(house.get("/v2/index.php?Action=DescribeScalingGroup").code(), 0);
}

/// S-099
#[test]
fn plain_http_is_no_protocol_where_only_https_is_wanted() {
    let (house, config) = house_with(Plan { https_only: true, ..Plan::default() });
    let path = "/v2/index.php?Action=DescribeScalingGroup";
    assert_eq!(house.get(path).code(), 4600);
    assert_eq!(house.post("/v2/index.php", "Action=DescribeScalingGroup").code(), 4600);
    assert_eq!(ask(house.connect(), &config, SERVICE_HOST).code(), 0);
    let (_, stream) = tunnel(&house, "scaling.api.qcloud.com:443");
    assert_eq!(ask(stream, &config, SERVICE_HOST).code(), 0);
    // Encrypted or not is asked at the end of a tunnel too.
    let (_, mut stream) = tunnel(&house, "scaling.api.qcloud.com:443");
    stream.write_all(head("GET", path, "").as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut stream).code(), 4600);
    // What is not the service's is not concerned.
    assert_eq!(house.get("/healthz").body, "ok\n");
}

/// Asks for a tunnel, and gives the head of the answer and the connection.
fn tunnel(house: &House, target: &str) -> (String, TcpStream) {
    let mut stream = house.connect();
    stream
        .write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes())
        .unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    (String::from_utf8(head).unwrap(), stream)
}

/// S-064
#[test]
fn tunnels_lead_here_and_nowhere_else() {
    let (house, config) = house();
    let port = house.address.port();
    let own = format!("127.0.0.1:{port}");
    let local = format!("localhost:{port}");
    let here = [
        ("scaling.api.qcloud.com:443", SERVICE_HOST),
        ("Scaling.API.qcloud.com:443", SERVICE_HOST),
        (&own, "127.0.0.1"),
        (&local, "localhost"),
    ];
    for (target, name) in here {
        let (head, stream) = tunnel(&house, target);
        assert!(head.starts_with("HTTP/1.1 200 "), "{target}: {head}");
        assert_eq!(ask(stream, &config, name).code(), 0, "{target}");
    }
    let elsewhere = [
        "cvm.api.qcloud.com:443",
        "scaling.api.qcloud.com:80",
        "127.0.0.1:1",
        "example.org:443",
        "scaling.api.qcloud.com.example.org:443",
    ];
    for target in elsewhere {
        let (head, _) = tunnel(&house, target);
        assert!(head.starts_with("HTTP/1.1 403 "), "{target}: {head}");
        assert!(head.contains("application/problem+json"), "{target}: {head}");
    }
}

#[test]
fn tunnels_do_not_nest_and_need_tls() {
    let (house, _) = house();
    let (_, mut stream) = tunnel(&house, "scaling.api.qcloud.com:443");
    stream
        .write_all(
            b"CONNECT scaling.api.qcloud.com:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    assert_eq!(Answer::read(&mut stream).problem(), "403 no tunnel leads through a tunnel");
    let plain = House::new();
    let (head, _) = tunnel(&plain, "scaling.api.qcloud.com:443");
    assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
}

#[test]
fn bad_certificates_are_told_apart() {
    let told = |certificate: &str, key: &str| {
        Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err().to_string()
    };
    assert_eq!(told("", ""), "the certificate cannot be used: the file has none in PEM");
    let made = SelfSigned::make(SimTime::from_unix_s(0), &[]).unwrap();
    assert!(told(&made.ca_pem, "").starts_with("the key cannot be used: "));
    assert_eq!(format!("{:?}", made.tls), "Tls");
}
