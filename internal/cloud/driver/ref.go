package driver

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// FormatID builds the `id` of an object from its reference: the cloud's name and the parts of its Limits, with slashes.
func (d Descriptor) FormatID(parts []IDPart, ref Ref) string {
	words := []string{d.Name}
	for _, p := range parts {
		words = append(words, *ref.part(p))
	}
	return strings.Join(words, "/")
}

// ParseID takes an import ID apart. The error names the parts that this cloud expects.
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

// IsPart reports whether a text can be a part of an address: it is not empty, has no slash, and is no segment that
// servers and proxies take out of a path.
func IsPart(s string) bool { return s != "" && s != "." && s != ".." && !strings.Contains(s, "/") }

func notPart(s string) bool { return !IsPart(s) }

// Quote puts an ID of the configuration into double quotes, with escapes for what is not printable. It cuts an ID of more
// than 100 characters.
func Quote(id string) string {
	const most = 100
	if runes := []rune(id); len(runes) > most {
		return strconv.Quote(string(runes[:most])) + "…"
	}
	return strconv.Quote(id)
}

// IDShape shows the parts of an import ID: "contabo/<instance_id>/<snapshot_id>".
func (d Descriptor) IDShape(parts []IDPart) string {
	words := []string{d.Name}
	for _, p := range parts {
		words = append(words, "<"+d.partLabel(p)+">")
	}
	return strings.Join(words, "/")
}

func (d Descriptor) partLabel(p IDPart) string {
	switch p {
	case PartSource:
		return strings.ToLower(d.Limits.Source.Kind) + "_id"
	case PartLocation:
		return "zone"
	case PartImage:
		return "image_id"
	case PartTemplate:
		return "template_id"
	default:
		return "snapshot_id"
	}
}

// Part is one part of the address.
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
