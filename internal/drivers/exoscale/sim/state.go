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

// state is everything that the simulator knows; it is saved as JSON.
type state struct {
	Zones []*zone
	// Made counts what was made since the seed, for IDs that repeat with the requests.
	Made int
}

// zone is the store of one zone.
type zone struct {
	Name       string
	Instances  []*instance
	Snapshots  []*snapshot
	Templates  []*template
	Operations []*operation
	// Limits are the quotas of snapshots and templates; what is not in it has none.
	Limits map[string]int
}

type instance struct {
	ID, Name, State string
	CreatedAt       time.Time
	DiskGiB         uint32
	TemplateID      string
	// Consistent is the flag that makes snapshots of it application consistent.
	Consistent bool
	PublicIP   string
}

type snapshot struct {
	ID, InstanceID, Name, State string
	CreatedAt                   time.Time
	SizeGiB                     uint32
	Consistent                  bool
	// BootMode is what the instance's template had, and a template made of the snapshot gets.
	BootMode string
	// ExportedAt is when the file was written; zero before the first export.
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
	// Pending templates are being made, and cannot be seen yet.
	Pending bool
}

func (s *state) zone(name string) *zone {
	for _, z := range s.Zones {
		if z.Name == name {
			return z
		}
	}
	return nil
}

// newID makes the ID of a new object.
func (s *state) newID(words ...any) string {
	s.Made++
	return simkit.UUID(append([]any{"exoscale", s.Made}, words...)...)
}

func (z *zone) instance(id string) *instance {
	for _, i := range z.Instances {
		if i.ID == id {
			return i
		}
	}
	return nil
}

func (z *zone) snapshot(id string) *snapshot {
	for _, n := range z.Snapshots {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// template finds a template that can be seen.
func (z *zone) template(id string) *template {
	if t := z.anyTemplate(id); t != nil && !t.Pending {
		return t
	}
	return nil
}

func (z *zone) anyTemplate(id string) *template {
	for _, t := range z.Templates {
		if t.ID == id {
			return t
		}
	}
	return nil
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
