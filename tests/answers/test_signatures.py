"""Signatures are Ed25519 as RFC 8032 has it; what a second form or a weak key would let through is refused."""

import pytest

from retrain_kit.answers import signatures

ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
# RFC 8032, section 7.1, tests 1, 2, 3 and SHA(abc): seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("seed", "public_key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_hold(seed, public_key, message, signature):
    told = bytes.fromhex(message)
    assert signatures.public_key_of(bytes.fromhex(seed)) == public_key
    assert signatures.sign(bytes.fromhex(seed), told) == signature
    assert signatures.is_signed(public_key, signature, told)
    assert not signatures.is_signed(public_key, signature, told + b"\0")
    for place in (0, 31, 32, 63):
        other = bytearray.fromhex(signature)
        other[place] ^= 1
        assert not signatures.is_signed(public_key, other.hex(), told)


@pytest.mark.parametrize(("seed", "public_key", "message", "signature"), VECTORS)
def test_a_second_form_of_a_signature_is_none(seed, public_key, message, signature):
    half = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ORDER
    other = signature[:64] + half.to_bytes(32, "little").hex()
    assert not signatures.is_signed(public_key, other, bytes.fromhex(message))


def small_points():
    """Every way of writing a point of small order: its height, raised by the field's size too, with either sign."""
    eight = int.from_bytes(bytes.fromhex(ORDER_8), "little")
    for height in (0, 1, FIELD - 1, FIELD, FIELD + 1, eight, FIELD - eight):
        for sign in (0, 1):
            yield (height | sign << 255).to_bytes(32, "little").hex()


@pytest.mark.parametrize("public_key", list(small_points()))
@pytest.mark.parametrize("message", [b"a kite", b"a drone"])
def test_a_key_that_anybody_can_sign_for_proves_nothing(public_key, message):
    # With s = 0 and R the neutral point these are signatures of some messages, by the letter of the RFC.
    for first in small_points():
        assert not signatures.is_signed(public_key, first + "00" * 32, message)


@pytest.mark.parametrize(
    ("public_key", "signature"), [("", ""), ("zz" * 32, "0" * 128), ("0" * 64, ""), ("ff" * 32, "0" * 128)]
)
def test_what_is_no_key_or_no_signature_is_signed_by_nobody(public_key, signature):
    assert not signatures.is_signed(public_key, signature, b"a kite")
