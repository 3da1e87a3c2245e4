package clouds_test

import (
	"reflect"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// counted counts how often its cloud is described and opened.
type counted struct {
	driver.Driver
	described, opened int
}

func (c *counted) Descriptor() driver.Descriptor {
	c.described++
	return c.Driver.Descriptor()
}

func (c *counted) Open(settings driver.Settings) (driver.Client, error) {
	c.opened++
	return c.Driver.Open(settings)
}

func TestRemember_describesAndProbesOnce(t *testing.T) {
	for _, of := range clouds.Drivers() {
		source := &counted{Driver: of}
		drivers := driver.Remember([]driver.Driver{source})
		for range 2 {
			want := of.Descriptor()
			got := drivers[0].Descriptor()
			if got.Name != want.Name || !reflect.DeepEqual(got.Limits.Snapshot, want.Limits.Snapshot) ||
				!reflect.DeepEqual(got.Limits.Rotation(), want.Limits.Rotation()) {
				t.Errorf("%s has another descriptor", want.Name)
			}
			for _, capability := range driver.AllCapabilities() {
				if driver.Supports(drivers[0], capability) != driver.Supports(of, capability) {
					t.Errorf("%s differs in %s", want.Name, capability)
				}
			}
			if driver.UpdatesSnapshots(drivers[0]) != driver.UpdatesSnapshots(of) {
				t.Errorf("%s differs in the update of snapshots", want.Name)
			}
		}
		if source.described != 1 || source.opened != 1 {
			t.Errorf("%s was described %d times and opened %d times", of.Descriptor().Name, source.described, source.opened)
		}
		if _, err := drivers[0].Open(driver.Settings{}); err != nil || source.opened != 2 {
			t.Errorf("a client of its own was not opened: %v", err)
		}
	}
}
