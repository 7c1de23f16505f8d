"""The office's own key: made once at installation, kept beside the data, used to sign certificates and letters.

Elliptic curve P-256 with a certificate that the office issues to itself. It proves that a paper comes
from this installation and was not changed; its fingerprint is published, so that anybody may compare.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

_NAME = "Parvis"
# Wide enough for a demonstration that shows 2017: what dates a paper is the paper, not the key.
_VALID_FROM = datetime(2017, 1, 1, tzinfo=UTC)
_VALID_TO = datetime(2049, 12, 31, tzinfo=UTC)


def key_and_certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The private key and its certificate; made on first use, the same for every process of the installation."""
    return _read(_file())


def certificate_pem() -> bytes:
    """The public certificate, to be published."""
    return key_and_certificate()[1].public_bytes(serialization.Encoding.PEM)


def fingerprint() -> str:
    """The SHA-256 of the certificate, in hexadecimal."""
    return key_and_certificate()[1].fingerprint(hashes.SHA256()).hex()


def sign(facts: Mapping[str, Any]) -> str:
    """The office's signature over these facts (their canonical JSON), in base64."""
    key, _certificate = key_and_certificate()
    return base64.b64encode(key.sign(_canonical(facts), ec.ECDSA(hashes.SHA256()))).decode()


def is_genuine(facts: Mapping[str, Any], signature: str) -> bool:
    """Whether the office signed exactly these facts."""
    public = key_and_certificate()[0].public_key()
    try:
        public.verify(base64.b64decode(signature, validate=True), _canonical(facts), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _canonical(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _file() -> Path:
    return Path(settings.VAR_DIR) / "office-key.pem"


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    if not path.exists():
        _make(path)
    pem = path.read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return key, x509.load_pem_x509_certificate(pem)


def _make(path: Path) -> None:
    """Write key and certificate as one file. Two processes that start together keep the first one's."""
    key = ec.generate_private_key(ec.SECP256R1())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft.write_bytes(private + _self_issued(key).public_bytes(serialization.Encoding.PEM))
    try:
        os.link(draft, path)  # link() refuses to replace
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _self_issued(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_TO)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
