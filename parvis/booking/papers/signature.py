"""The office's signature in a PDF (PAdES B-B), so that a change of one byte shows in any reader."""

import io
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from parvis.booking import signing

FIELD = "Parvis"


class _DatedSigner(PdfSigner):
    """Signs at the instant of our clock, not of the machine's."""

    def __init__(self, *given: Any, at: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self._at = at

    def init_signing_session(self, *given: Any, **more: Any) -> Any:
        """A session that began at the instant given."""
        session = super().init_signing_session(*given, **more)
        session.system_time = self._at
        return session


def signed(document: bytes, *, reason: str, at: datetime) -> bytes:
    """The document with the office's signature after it; its pages stay as they are, and accessible."""
    key, certificate = signing.key_and_certificate()
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=next(iter(load_certs_from_pemder_data(certificate.public_bytes(Encoding.DER)))),
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    dated = _DatedSigner(
        PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", reason=reason, subfilter=SigSeedSubFilter.PADES, certify=True
        ),
        signer,
        # PDF/UA wants every visible field described among the tags; this one is hidden.
        new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(set_hidden_flag=True)),
        at=at,
    )
    output = io.BytesIO()
    dated.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)), output=output)
    return output.getvalue()
