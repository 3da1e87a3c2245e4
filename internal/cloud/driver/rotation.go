package driver

import (
	"regexp"
	"strings"
	"time"
)

// The attributes of a rotation that differ between clouds, beside those of a snapshot.
const (
	NamePrefix  = "name_prefix"
	KeepLast    = "keep_last"
	KeepDaily   = "keep_daily"
	KeepWeekly  = "keep_weekly"
	KeepMonthly = "keep_monthly"
	// DeleteOldestFirst permits to delete the oldest snapshot before the new one is taken.
	DeleteOldestFirst = "delete_oldest_first"
)

// DefaultKeepLast is the keep_last of a configuration that sets none.
const DefaultKeepLast = 1

const defaultNamePrefix = "rotation"

// noSlash matches what can be a part of an import ID.
var noSlash = regexp.MustCompile(`^[^/]+$`)

// Rotation is the table of cloudsnap_snapshot_rotation, which follows from that of a snapshot.
func (l Limits) Rotation() Attributes {
	if l.rotation != nil {
		return l.rotation
	}
	out := Attributes{
		"source_id":     l.Snapshot["source_id"],
		"description":   l.Snapshot["description"],
		ReplaceExisting: l.Snapshot[ReplaceExisting],
		KeepLast:        {Support: OptionalComputed},
	}
	if name := l.Snapshot["name"]; name.Settable() {
		prefix := Attribute{
			Support: OptionalComputed, Min: 1, Max: max(name.Max-len(rotationStamp)-1, 0), Pattern: name.Pattern,
			Default: defaultNamePrefix,
		}
		if prefix.Pattern == nil {
			prefix.Pattern = noSlash
		}
		out[NamePrefix] = prefix
	}
	if l.SingleSnapshot() {
		out[KeepLast] = Attribute{Support: OptionalComputed, OneOf: []string{"1"}}
		return out
	}
	for _, name := range []string{KeepDaily, KeepWeekly, KeepMonthly, DeleteOldestFirst} {
		out[name] = Attribute{Support: Optional}
	}
	return out
}

// RotationID are the parts of a rotation's import ID after the cloud's name: the source, and the prefix of the names
// where a configuration sets names.
func (l Limits) RotationID() []IDPart {
	var parts []IDPart
	if l.Location.Settable() {
		parts = append(parts, PartLocation)
	}
	parts = append(parts, PartSource)
	if l.Snapshot["name"].Settable() {
		parts = append(parts, PartNamePrefix)
	}
	return parts
}

const rotationStamp = "20060102-1504"

// RotationName returns the name of a snapshot that a rotation takes: <prefix>-<yyyymmdd-hhmm>, in UTC.
func RotationName(prefix string, at time.Time) string {
	return prefix + "-" + at.UTC().Format(rotationStamp)
}

// IsRotationName reports whether a name has the form that a rotation with a prefix gives.
func IsRotationName(prefix, name string) bool {
	stamp, found := strings.CutPrefix(name, prefix+"-")
	_, err := time.Parse(rotationStamp, stamp)
	return found && err == nil
}
