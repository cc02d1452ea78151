"""Pictures from outside: decoded, stood upright, made smaller, written anew as bare pixels.

What a phone hides in a photo (place, day, owner, device, a small copy of the uncut photo) goes.
"""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image, ImageOps

from apps.core.uploads.refusal import UploadRefused

PICTURES = frozenset({"jpg", "png", "webp"})
MAX_PIXELS = 50_000_000  # the finest setting of common phones; decoded it takes 200 MB at most
PHOTO_EDGE = 2_000  # pixels: fills a screen and an A4 page, and is some 0,5 MB
THUMBNAIL_EDGE = 480

_PILLOW = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_WAYS_OF_SAVING: dict[str, dict[str, Any]] = {
    "jpg": {"quality": 88, "optimize": True},
    "png": {"optimize": True},
    "webp": {"quality": 88, "method": 4},
}
_SCALABLE = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})  # others scale as flat colours


def redrawn(name: str, content: bytes, suffix: str, longest_edge: int | None = None) -> bytes:
    """Return the same picture as bare pixels, no longer than `longest_edge`, or refuse it."""
    try:
        with Image.open(io.BytesIO(content), formats=[_PILLOW[suffix]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            fitting = _smaller(picture, longest_edge) if longest_edge else picture
            return _encoded(ImageOps.exif_transpose(fitting), suffix)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        message = f"Không mở được ảnh “{name}”. Hãy chụp hoặc lưu lại rồi thử lại."
        raise UploadRefused(message) from error


def thumbnail(content: bytes) -> bytes:
    """Return a small WebP of a picture that was redrawn before."""
    with Image.open(io.BytesIO(content)) as picture:
        return _encoded(_smaller(picture, THUMBNAIL_EDGE), "webp")


def _smaller(picture: Image.Image, edge: int) -> Image.Image:
    """Return the picture scaled down into a square; a JPEG is not even decoded in full."""
    if picture.mode not in _SCALABLE and max(picture.size) > edge:
        exif = picture.getexif()
        picture = picture.convert("RGBA" if _is_see_through(picture) else "RGB")
        picture.info["exif"] = exif.tobytes()
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return picture


def _encoded(picture: Image.Image, suffix: str) -> bytes:
    """Write the pixels only, in a mode that every viewer knows."""
    pixels = picture.convert("RGBA" if suffix != "jpg" and _is_see_through(picture) else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    bare.save(out, format=_PILLOW[suffix], **_WAYS_OF_SAVING[suffix])
    return out.getvalue()


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _too_many_pixels(name: str) -> UploadRefused:
    """Say how large a picture may be."""
    limit = MAX_PIXELS // 1_000_000
    return UploadRefused(
        f"Ảnh “{name}” quá lớn: chỉ nhận đến {limit} triệu điểm ảnh. Hãy chọn cỡ ảnh nhỏ hơn "
        "trong máy ảnh, hoặc thu nhỏ ảnh rồi tải lại."
    )
