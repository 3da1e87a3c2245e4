package sim

import (
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The vendor's words for states and visibilities.
const (
	running    = "running"
	stopped    = "stopped"
	starting   = "starting"
	stopping   = "stopping"
	destroying = "destroying"

	snapshotting = "snapshotting"
	ready        = "ready"
	exporting    = "exporting"
	exported     = "exported"
	deleting     = "deleting"

	private = "private"
	public  = "public"
)

// state is all that Save keeps.
type state struct {
	Zones []*zone
	// Made counts the objects created since the seed. The same requests therefore give the same IDs.
	Made int
}

// zone is the store of one zone.
type zone struct {
	Name       string
	Instances  []*instance
	Snapshots  []*snapshot
	Templates  []*template
	Operations []*operation
	// Limits are the quotas by entity. An entity that is not in the map has none.
	Limits map[string]int
}

type instance struct {
	ID, Name, State string
	CreatedAt       time.Time
	DiskGiB         uint32
	TemplateID      string
	// Consistent makes snapshots of the instance application consistent.
	Consistent bool
	PublicIP   string
}

type snapshot struct {
	ID, InstanceID, Name, State string
	CreatedAt                   time.Time
	SizeGiB                     uint32
	Consistent                  bool
	// BootMode is that of the instance's template, and of a template that is made of the snapshot.
	BootMode string
	// ExportedAt is the time of the last export, or zero.
	ExportedAt time.Time
}

type template struct {
	ID, Name, Description, Family string
	SizeBytes                     int64
	Checksum, BootMode            string
	Build, Version, Maintainer    string
	DefaultUser, URL, Visibility  string
	SSHKey, Password, Consistent  bool
	CreatedAt                     time.Time
	// Pending templates are still being made and are not visible.
	Pending bool
}

// zone returns the zone with a name, or nil.
func (s *state) zone(name string) *zone {
	return simkit.Find(s.Zones, func(z *zone) bool { return z.Name == name })
}

// newID returns the ID of a new object.
func (s *state) newID(words ...any) string {
	s.Made++
	return simkit.UUID(append([]any{"exoscale", s.Made}, words...)...)
}

func (z *zone) instance(id string) *instance {
	return simkit.Find(z.Instances, func(i *instance) bool { return i.ID == id })
}

func (z *zone) snapshot(id string) *snapshot {
	return simkit.Find(z.Snapshots, func(n *snapshot) bool { return n.ID == id })
}

// template returns a visible template with an ID, or nil.
func (z *zone) template(id string) *template {
	return simkit.Find(z.Templates, func(t *template) bool { return t.ID == id && !t.Pending })
}

// anyTemplate returns the template with an ID even if it is still pending, or nil.
func (z *zone) anyTemplate(id string) *template {
	return simkit.Find(z.Templates, func(t *template) bool { return t.ID == id })
}

func (z *zone) dropInstance(id string) {
	z.Instances = slices.DeleteFunc(z.Instances, func(i *instance) bool { return i.ID == id })
}

func (z *zone) dropSnapshot(id string) {
	z.Snapshots = slices.DeleteFunc(z.Snapshots, func(n *snapshot) bool { return n.ID == id })
}

func (z *zone) dropTemplate(id string) {
	z.Templates = slices.DeleteFunc(z.Templates, func(t *template) bool { return t.ID == id })
}
