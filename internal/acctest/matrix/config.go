package matrix

import (
	"maps"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// none returns no IDs: the operation makes no object.
func none(prototest.Values) []string { return nil }

// attribute returns the ID in one attribute.
func attribute(name string) func(prototest.Values) []string {
	return func(state prototest.Values) []string {
		if id, ok := state[name].(string); ok {
			return []string{id}
		}
		return nil
	}
}

// rotated returns the IDs of the snapshots of a rotation.
func rotated(state prototest.Values) []string {
	var out []string
	items, _ := state["snapshots"].([]any)
	for _, one := range items {
		if values, ok := one.(prototest.Values); ok {
			out = append(out, attribute("snapshot_id")(values)...)
		}
	}
	return out
}

// rotationID is the import ID of a rotation. Where neither a name nor the source identifies its snapshots, the ID has
// those of the snapshots.
func rotationID(w *world, state prototest.Values) string {
	id, _ := state["id"].(string)
	if id != "" && !w.c.Limits.Snapshot["name"].Settable() && !w.c.Limits.SingleSnapshot() {
		id += "/" + strings.Join(rotated(state), ",")
	}
	return id
}

// placed adds the cloud and the location.
func placed(c acctest.Case, more prototest.Values) prototest.Values {
	out := prototest.Values{"cloud": c.Name}
	if c.Sources[0].Location != "" {
		out["location"] = c.Sources[0].Location
	}
	maps.Copy(out, more)
	return out
}

// addressed adds the cloud, the location and short timeouts.
func addressed(c acctest.Case, more prototest.Values) prototest.Values {
	out := placed(c, prototest.Values{"timeouts": prototest.Values{
		"create": "10m", "read": "2m", "update": "10m", "delete": "10m",
	}})
	maps.Copy(out, more)
	return out
}

// named adds the name, where a configuration sets that of a snapshot.
func named(w *world, config prototest.Values) prototest.Values {
	if w.c.Limits.Snapshot["name"].Settable() {
		config["name"] = ourName
	}
	return config
}

func snapshotConfig(w *world) prototest.Values {
	return named(w, addressed(w.c, prototest.Values{"source_id": w.c.Sources[0].SourceID}))
}

func rotationConfig(w *world) prototest.Values {
	config := addressed(w.c, prototest.Values{
		"source_id": w.c.Sources[0].SourceID, "triggers": prototest.Values{"version": "1"},
	})
	if w.c.Limits.Snapshot["name"].Settable() {
		config["name_prefix"] = ourName
	}
	return config
}

func imageConfig(w *world) prototest.Values {
	return addressed(w.c, prototest.Image(w.c, ourName))
}

// ofSnapshot is the configuration of an object that is created from a snapshot of a person.
func ofSnapshot(w *world) prototest.Values {
	return addressed(w.c, prototest.Values{"name": ourName, "snapshot_id": w.snapshotID()})
}

// snapshotID is a snapshot of others at the location of the test.
func (w *world) snapshotID() (id string) {
	for _, snap := range w.box.Inventory()[w.c.Name].Snapshots {
		if at := w.c.Sources[0].Location; at == "" || snap.Location == at {
			id = snap.SnapshotID
		}
	}
	return id
}

func exportConfig(w *world) prototest.Values {
	return placed(w.c, prototest.Values{"snapshot_id": w.snapshotID(), "timeouts": prototest.Values{
		"create": "10m", "read": "2m", "update": "10m",
	}})
}

// restorable takes a snapshot of a person, the newest of its source, and gives the source the state that a restore
// requires.
func restorable(w *world) {
	<-time.After(time.Minute)
	w.stranger().make(snapshotType, snapshotConfig(w))
	if state := w.c.Limits.RestoreState; state != "" {
		w.box.SetSourceState(w.c.Sources[0].SourceID, state)
	}
}

// newest is the snapshot of the first source that was taken last.
func (w *world) newest() string {
	var id string
	var at time.Time
	for _, snap := range w.box.Inventory()[w.c.Name].Snapshots {
		if snap.SourceID == w.c.Sources[0].SourceID && !snap.CreatedAt.Before(at) {
			id, at = snap.SnapshotID, snap.CreatedAt
		}
	}
	return id
}

func restoreConfig(w *world) prototest.Values {
	return placed(w.c, prototest.Values{
		"source_id": w.c.Sources[0].SourceID, "snapshot_id": w.newest(), "triggers": prototest.Values{"version": "1"},
		"timeouts": prototest.Values{"create": "10m", "read": "2m", "update": "10m"},
	})
}

// invoked is the limit of an action.
func invoked() prototest.Values { return prototest.Values{"invoke": "10m"} }

func createActionConfig(w *world) prototest.Values {
	config := named(w, placed(w.c, prototest.Values{"source_id": w.c.Sources[0].SourceID, "timeouts": invoked()}))
	if w.c.Limits.SingleSnapshot() {
		config[driver.ReplaceExisting] = true
	}
	return config
}

func restoreActionConfig(w *world) prototest.Values {
	return placed(w.c, prototest.Values{
		"source_id": w.c.Sources[0].SourceID, "snapshot_id": w.newest(), "timeouts": invoked(),
	})
}

func exportActionConfig(w *world) prototest.Values {
	return placed(w.c, prototest.Values{"snapshot_id": w.snapshotID(), "timeouts": invoked()})
}

func openConfig(w *world) prototest.Values {
	return placed(w.c, prototest.Values{
		"snapshot_id": w.snapshotID(), "timeouts": prototest.Values{"open": "10m"},
	})
}

// within is the configuration of a listing of the location.
func within(w *world) prototest.Values { return placed(w.c, nil) }

// readable is the configuration of a data source with a short timeout.
func readable(w *world) prototest.Values {
	return prototest.Values{"cloud": w.c.Name, "timeouts": prototest.Values{"read": "2m"}}
}

func withinRead(w *world) prototest.Values { return placed(w.c, readable(w)) }

func ofSource(w *world) prototest.Values {
	config := withinRead(w)
	config["source_id"] = w.c.Sources[len(w.c.Sources)-1].SourceID
	if !w.c.Limits.SingleSnapshot() {
		config["source_id"] = w.c.Sources[0].SourceID
	}
	return config
}

func newestOfSource(w *world) prototest.Values {
	config := ofSource(w)
	config["most_recent"] = true
	return config
}

func newestByName(w *world) prototest.Values {
	config := withinRead(w)
	config["name"], config["most_recent"] = ourName, true
	return config
}

// byID is the configuration of a data source that reads the object of another resource.
func byID(typeName string) func(w *world) prototest.Values {
	return func(w *world) prototest.Values {
		config := readable(w)
		for _, one := range w.beside {
			if one.typeName == typeName {
				config["id"] = one.r.Values(w.t)["id"]
			}
		}
		return config
	}
}

// renamed changes the name, where the cloud updates it in place.
func renamed(w *world, config prototest.Values) bool {
	if _, named := config["name"]; !named {
		return false
	}
	if _, ofSource := config["source_id"]; ofSource && !driver.UpdatesSnapshots(w.c.Driver) {
		return false
	}
	config["name"] = "changed"
	return true
}

// triggered makes a snapshot or a restore due.
func triggered(_ *world, config prototest.Values) bool {
	config["triggers"] = prototest.Values{"version": "2"}
	return true
}

// prolonged changes a setting that makes nothing due.
func prolonged(_ *world, config prototest.Values) bool {
	config["interval"] = "240h"
	return true
}

// hurried changes a timeout, where nothing else can be changed in place.
func hurried(_ *world, config prototest.Values) bool {
	config["timeouts"] = prototest.Values{"create": "9m", "read": "2m", "update": "10m"}
	return true
}
