package driver

import (
	"regexp"
	"slices"
	"strings"
)

// UUID is the form of a UUID, for IDForms.
var UUID = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// ImportID is what an import ID means at a cloud.
type ImportID struct {
	Ref Ref
	// Extra is the text of one more part, after those that a noun always has. It is empty if there is none.
	Extra string
	// Missing are the parts that the ID does not have.
	Missing []IDPart
}

// ReadImportID splits an import ID that begins with the name of the cloud and has all parts, and one more if extra is
// set. It is false for any other ID.
func (d Descriptor) ReadImportID(parts []IDPart, extra bool, id string) (ImportID, bool) {
	ref, err := d.ParseID(parts, id)
	if err == nil {
		return ImportID{Ref: ref}, true
	}
	at := strings.LastIndex(id, "/")
	if !extra || at < 0 || at == len(id)-1 {
		return ImportID{}, false
	}
	ref, err = d.ParseID(parts, id[:at])
	return ImportID{Ref: ref, Extra: id[at+1:]}, err == nil
}

// GuessImportID finds the parts in an import ID that is not complete, by what their texts can be. The ID may begin with
// the name of the cloud or not, and may have the location at its end, after an @. It is false if a text fits nowhere.
func (d Descriptor) GuessImportID(parts []IDPart, extra bool, id string) (out ImportID, ok bool) {
	words := strings.Split(id, "/")
	if strings.EqualFold(words[0], d.Name) {
		words = words[1:]
	}
	if len(words) == 0 {
		return ImportID{}, false
	}
	rest := slices.Clone(parts)
	last := len(words) - 1
	if object, location, found := strings.Cut(words[last], "@"); found && slices.Contains(rest, PartLocation) {
		if !d.canBe(PartLocation, location) {
			return ImportID{}, false
		}
		out.Ref.Location, words[last] = location, object
		rest = slices.DeleteFunc(rest, func(p IDPart) bool { return p == PartLocation })
	}
	for n, word := range words {
		at := slices.IndexFunc(rest, func(p IDPart) bool { return d.canBe(p, word) })
		switch {
		case at >= 0:
			out.Missing = append(out.Missing, rest[:at]...)
			out.Ref.SetPart(rest[at], word)
			rest = rest[at+1:]
		case extra && n == last && len(rest) == 0 && d.canBeList(word):
			out.Extra = word
		default:
			return ImportID{}, false
		}
	}
	out.Missing = append(out.Missing, rest...)
	return out, true
}

// canBe reports whether a text can be a part of an import ID, by the tables and the forms of the cloud's IDs.
func (d Descriptor) canBe(p IDPart, text string) bool {
	form := d.Limits.IDForms[p]
	return d.Accepts(p, text) && (form == nil || form.MatchString(text))
}

// canBeList reports whether a text can be IDs of snapshots, separated by commas.
func (d Descriptor) canBeList(text string) bool {
	for id := range strings.SplitSeq(text, ",") {
		if !d.canBe(PartSnapshot, id) {
			return false
		}
	}
	return true
}
