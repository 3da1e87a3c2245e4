package driver

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// FormatID returns the `id` of an object: the cloud's name and the parts of the reference, separated by slashes.
func (d Descriptor) FormatID(parts []IDPart, ref Ref) string {
	words := []string{d.Name}
	for _, p := range parts {
		words = append(words, *ref.part(p))
	}
	return strings.Join(words, "/")
}

// ParseID splits an import ID into a reference. The error names the parts that this cloud expects.
func (d Descriptor) ParseID(parts []IDPart, id string) (Ref, error) {
	var ref Ref
	words := strings.Split(id, "/")
	if len(words) != len(parts)+1 || words[0] != d.Name || slices.ContainsFunc(words, notPart) {
		return Ref{}, fmt.Errorf("the import ID %s does not fit: %s expects %s", Quote(id), d.Title, d.IDShape(parts))
	}
	for i, p := range parts {
		*ref.part(p) = words[i+1]
	}
	return ref, nil
}

// IsPart reports whether a text can be a part of an address: it is not empty, has neither a slash nor a control or
// format character, and is no dot segment, which servers and proxies remove from a path.
func IsPart(s string) bool {
	return s != "" && s != "." && s != ".." &&
		!strings.ContainsFunc(s, func(r rune) bool { return r == '/' || !unicode.IsGraphic(r) })
}

// TrimID removes from an import ID what is around an ID that was copied from another text.
func TrimID(id string) string { return strings.Trim(id, " \t\r\n\"'`“”") }

func notPart(s string) bool { return !IsPart(s) }

// Quote returns an ID of the configuration in double quotes, with escapes for characters that are not printable. It
// truncates an ID to 100 characters.
func Quote(id string) string {
	const most = 100
	if runes := []rune(id); len(runes) > most {
		return strconv.Quote(string(runes[:most])) + "…"
	}
	return strconv.Quote(id)
}

// IDShape returns the form of an import ID: "contabo/<instance_id>/<snapshot_id>".
func (d Descriptor) IDShape(parts []IDPart) string { return d.FilledIDShape(parts, Ref{}) }

// FilledIDShape is IDShape with the parts that a reference has: "contabo/42001/<snapshot_id>".
func (d Descriptor) FilledIDShape(parts []IDPart, ref Ref) string {
	words := []string{d.Name}
	for _, p := range parts {
		words = append(words, cmp.Or(ref.Part(p), "<"+d.partLabel(p)+">"))
	}
	return strings.Join(words, "/")
}

// Accepts reports whether a text can be a part of an import ID, by the tables of the cloud.
func (d Descriptor) Accepts(p IDPart, text string) bool {
	var row Attribute
	switch p {
	case PartSource:
		row = d.Limits.Snapshot["source_id"]
	case PartLocation:
		row = d.Limits.Location
	case PartSnapshot:
		row = d.Limits.Snapshot["snapshot_id"]
	case PartNamePrefix:
		row = d.Limits.Rotation()[NamePrefix]
	case PartImage, PartTemplate, PartVolume:
	}
	return IsPart(text) && text == TrimID(text) && row.Match(text)
}

func (d Descriptor) partLabel(p IDPart) string {
	switch p {
	case PartSource:
		return strings.ToLower(d.Limits.SourceKind) + "_id"
	case PartLocation:
		return "zone"
	case PartImage:
		return "image_id"
	case PartTemplate:
		return "template_id"
	case PartNamePrefix:
		return "name_prefix"
	case PartVolume:
		return "volume_id"
	default:
		return "snapshot_id"
	}
}

// Part returns one part of the address.
func (r Ref) Part(p IDPart) string { return *r.part(p) }

// SetPart sets one part of the address.
func (r *Ref) SetPart(p IDPart, value string) { *r.part(p) = value }

func (r *Ref) part(p IDPart) *string {
	switch p {
	case PartSource:
		return &r.SourceID
	case PartLocation:
		return &r.Location
	default:
		return &r.ObjectID
	}
}
