#!/bin/bash
# Sign EndoDesk.app or its disk image and have Apple notarise it: packaging/macos/sign_and_notarise.sh build/EDITION/EndoDesk.app|dist/NAME.dmg
#
# ENDODESK_SIGN_IDENTITY     the certificate in the keychain: "Developer ID Application: NAME (TEAM)". Without it nothing is signed.
# ENDODESK_NOTARY_KEY_FILE   key of App Store Connect (AuthKey_ID.p8), with
# ENDODESK_NOTARY_KEY_ID     its id, and
# ENDODESK_NOTARY_ISSUER     whose it is. Without these three it is signed, but not notarised.
set -euo pipefail
what=${1:?"Name the .app or the .dmg."}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sign() { # codesign's arguments, then paths
    codesign --force --timestamp --options runtime --sign "$ENDODESK_SIGN_IDENTITY" "$@"
}

is_code() { # a Mach-O file that is no link: links are left as they are, or the signature would be of another file
    [ ! -L "$1" ] && file -b "$1" | grep -q 'Mach-O'
}

sign_app() { # inside out: what is signed holds the sums of what is inside it
    # codesign cannot read a property list with comments; plutil writes it anew without.
    plutil -convert xml1 -o "$work/entitlements.plist" "$here/entitlements.plist"
    while IFS= read -r -d '' path; do
        ! is_code "$path" || sign "$path"
    done < <(find "$what/Contents/Frameworks" "$what/Contents/Resources" -depth -type f -not -path '*.framework/*' -print0)
    while IFS= read -r -d '' path; do
        sign "$path"
    done < <(find "$what/Contents/Frameworks" -depth -type d -name '*.framework' -print0)
    while IFS= read -r -d '' path; do
        sign --entitlements "$work/entitlements.plist" "$path"
    done < <(find "$what/Contents/MacOS" -type f -not -name EndoDesk -print0)
    sign --entitlements "$work/entitlements.plist" "$what" # and with it Contents/MacOS/EndoDesk
    codesign --verify --deep --strict --verbose=2 "$what"
}

notarise() { # PATH of what is sent; a refusal ends with the reasons that Apple gives
    local keys=(--key "$ENDODESK_NOTARY_KEY_FILE" --key-id "$ENDODESK_NOTARY_KEY_ID" --issuer "$ENDODESK_NOTARY_ISSUER")
    xcrun notarytool submit "$1" "${keys[@]}" --wait --timeout 1h --output-format plist >"$work/answer.plist"
    local id status
    id=$(plutil -extract id raw "$work/answer.plist")
    status=$(plutil -extract status raw "$work/answer.plist")
    if [ "$status" != Accepted ]; then # notarytool itself ends with 0
        xcrun notarytool log "$id" "${keys[@]}" || true
        echo "Apple did not notarise $what: $status. The reasons stand above."
        exit 1
    fi
    xcrun stapler staple "$what"
    xcrun stapler validate "$what"
}

if [ -z "${ENDODESK_SIGN_IDENTITY:-}" ]; then
    echo "ENDODESK_SIGN_IDENTITY is not set, so $what is not signed by anybody. On another Mac macOS will refuse to open it at first:"
    echo "the user tries to open it once, then System Settings > Privacy & Security > Open Anyway; or an administrator runs"
    echo "  xattr -d -r com.apple.quarantine /Applications/EndoDesk.app"
    exit 0
fi

case $what in
    *.app) sign_app ;;
    *.dmg) codesign --force --timestamp --sign "$ENDODESK_SIGN_IDENTITY" "$what" ;;
    *) echo "Only an .app or a .dmg is signed here, not $what."; exit 1 ;;
esac

if [ -z "${ENDODESK_NOTARY_KEY_ID:-}" ] || [ -z "${ENDODESK_NOTARY_ISSUER:-}" ] || [ -z "${ENDODESK_NOTARY_KEY_FILE:-}" ]; then
    echo "The keys for Apple's notary (ENDODESK_NOTARY_KEY_FILE, _KEY_ID, _ISSUER) are not set: $what is signed, but not notarised, and macOS"
    echo "refuses it on other Macs as if it were not signed."
    exit 0
fi

# Both get a ticket of their own: a hospital's Mac without network asks the ticket, not Apple, when the app was copied out of the image.
case $what in
    *.app)
        ditto -c -k --keepParent "$what" "$work/EndoDesk.zip" # keeps links as links
        notarise "$work/EndoDesk.zip"
        spctl --assess --type execute --verbose=2 "$what"
        ;;
    *.dmg)
        notarise "$what"
        spctl --assess --type open --context context:primary-signature --verbose=2 "$what"
        ;;
esac
