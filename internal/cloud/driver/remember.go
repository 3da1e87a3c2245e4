package driver

import "sync"

// Remember returns the same clouds, each of which computes its descriptor and its capabilities once. The descriptors
// must not be changed.
func Remember(drivers []Driver) []Driver {
	out := make([]Driver, 0, len(drivers))
	for _, d := range drivers {
		descriptor := d.Descriptor()
		descriptor.Limits.rotation = descriptor.Limits.Rotation()
		out = append(out, &remembered{
			Driver:     d,
			descriptor: descriptor,
			probe:      sync.OnceValues(func() (Client, error) { return d.Open(Settings{}) }),
		})
	}
	return out
}

type remembered struct {
	Driver
	descriptor Descriptor
	probe      func() (Client, error)
}

// Descriptor returns the descriptor; see Driver.
func (r *remembered) Descriptor() Descriptor { return r.descriptor }

// probe returns a client without settings, which shows the capabilities of a cloud.
func probe(drv Driver) (Client, error) {
	if r, ok := drv.(*remembered); ok {
		return r.probe()
	}
	return drv.Open(Settings{})
}
