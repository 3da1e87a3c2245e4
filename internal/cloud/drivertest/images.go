package drivertest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// location returns a location with an object, where a location is chosen.
func (e *env) location() string {
	e.Helper()
	return e.spec(e.source(1)).Location
}

// imageSpec returns the spec of an image with every attribute that the cloud takes.
func (e *env) imageSpec() driver.ImageSpec {
	e.Helper()
	table := e.Limits.Image
	e.names++
	spec := driver.ImageSpec{
		Location:    e.location(),
		Name:        fmt.Sprintf("conformance image %d", e.names),
		Description: "Made by the conformance suite.",
		URL:         "https://images.example.net/golden.qcow2",
	}
	for name, set := range map[string]func(){
		"os_type":         func() { spec.OSType = table["os_type"].OneOf[0] },
		"version":         func() { spec.Version = "12.1" },
		"checksum":        func() { spec.Checksum = strings.Repeat("0123456789abcdef", 2) },
		"default_user":    func() { spec.DefaultUser = "debian" },
		"boot_mode":       func() { spec.BootMode = table["boot_mode"].OneOf[len(table["boot_mode"].OneOf)-1] },
		"build":           func() { spec.Build = "20260921" },
		"maintainer":      func() { spec.Maintainer = "operations" },
		"ssh_key_enabled": func() { spec.SSHKeyEnabled = true },
		"application_consistent_snapshot_enabled": func() {
			on := true
			spec.ApplicationConsistentSnapshotEnabled = &on
		},
	} {
		if table[name].Settable() {
			set()
		}
	}
	return spec
}

// finishImage waits for the image of a create.
func (e *env) finishImage(what string, made driver.Image, operation driver.Operation, err error) driver.Image {
	e.Helper()
	if err != nil {
		e.Fatalf("%s: %v", what, err)
	}
	ready, err := e.cloud.WaitImage(e.Context(), made, operation)
	if err != nil {
		e.Fatalf("%s: wait: %v", what, err)
	}
	if ready.ID == "" || ready.State != driver.StateReady || made.ID != "" && made.ID != ready.ID {
		e.Errorf("%s: made %+v, and waited for %+v", what, made, ready)
	}
	return ready
}

func (e *env) createImage(spec driver.ImageSpec) driver.Image {
	e.Helper()
	made, operation, err := e.cloud.CreateImage(e.Context(), spec)
	return e.finishImage("create image", made, operation, err)
}

// imageRequest returns the target of the request that creates an image. It watches one in a dry run.
func (e *env) imageRequest(spec driver.ImageSpec) Fault {
	e.Helper()
	dry := e.dryRun()
	dry.warmUp(dry.cloud, dry.source(1))
	if _, _, err := dry.cloud.CreateImage(e.Context(), spec); err != nil {
		e.Fatalf("create image: %v", err)
	}
	return dry.onlyChange()
}

func imageCreateWaitRead(e *env) {
	before := e.Images()
	spec := e.imageSpec()
	ready := e.createImage(spec)
	if diff := gocmp.Diff(spec, requested(spec, ready)); diff != "" {
		e.Errorf("sent and read: %s", diff)
	}
	if ready.URL != "" && ready.URL != spec.URL || ready.Standard || time.Since(ready.CreatedAt).Abs() > time.Minute {
		e.Errorf("the image: %+v", ready)
	}
	if now := e.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
		e.Errorf("what exists at the cloud: %v, and it was %v", now, before)
	}
	id := e.FormatID(e.Limits.ImageID, ready.Ref())
	imported, err := e.ParseID(e.Limits.ImageID, id)
	if err != nil {
		e.Fatalf("the ID %q: %v", id, err)
	}
	read, err := e.reopen(e.Settings).Image(e.Context(), imported)
	if diff := gocmp.Diff(ready, read); err != nil || diff != "" {
		e.Errorf("read by its import ID: %v %s", err, diff)
	}
}

// requested returns the spec that an image meets: the spec itself if the cloud keeps all attributes.
func requested(spec driver.ImageSpec, i driver.Image) driver.ImageSpec {
	return driver.ImageSpec{
		Location: i.Location, Name: i.Name, Description: i.Description, URL: spec.URL,
		OSType: i.OSType, Version: i.Version,
		Checksum: i.Checksum, DefaultUser: i.DefaultUser, BootMode: i.BootMode,
		SSHKeyEnabled: i.SSHKeyEnabled != nil &&
			*i.SSHKeyEnabled, PasswordEnabled: i.PasswordEnabled != nil && *i.PasswordEnabled,
		Build: i.Build, Maintainer: i.Maintainer,
		ApplicationConsistentSnapshotEnabled: i.ApplicationConsistentSnapshotEnabled,
	}
}

func imageEditedAndDeleted(e *env) {
	before := e.Images()
	want := e.createImage(e.imageSpec())
	ref := want.Ref()
	name, text := "renamed image", "Described in place."
	for _, change := range []driver.ImageChange{{Name: &name}, {Description: &text}} {
		if change.Name != nil {
			want.Name = name
		} else {
			want.Description = text
		}
		got, err := e.cloud.UpdateImage(e.Context(), ref, change)
		got.ModifiedAt = want.ModifiedAt
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			e.Errorf("changed: %v %s", err, diff)
		}
	}
	for _, what := range []string{"delete", "delete again"} {
		if err := e.cloud.DeleteImage(e.Context(), ref); err != nil {
			e.Errorf("%s: %v", what, err)
		}
	}
	_, err := e.cloud.Image(e.Context(), ref)
	e.wantError("read of what is deleted", err, driver.KindNotFound)
	if diff := gocmp.Diff(before, e.Images()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

func imagesAreListed(e *env) {
	var want []string
	for range 3 {
		e.Advance(time.Hour)
		want = append([]string{e.createImage(e.imageSpec()).ID}, want...)
	}
	standard := false
	filter := driver.ImageFilter{Location: e.location(), Standard: &standard, Visibility: driver.VisibilityPrivate}
	list, err := e.cloud.Images(e.Context(), filter)
	if err != nil {
		e.Fatalf("list: %v", err)
	}
	var got []string
	for _, i := range list {
		if slices.Contains(want, i.ID) {
			got = append(got, i.ID)
		}
		if i.Standard {
			e.Errorf("the cloud's own %q is among the custom images", i.Name)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		e.Errorf("not newest first: %s", diff)
	}
}

func slowImage(e *env) {
	made, operation, err := e.cloud.CreateImage(e.Context(), e.imageSpec())
	if err != nil {
		e.Fatalf("create image: %v", err)
	}
	if made.State == driver.StateReady || made.ID == "" && operation.ID == "" {
		e.Errorf("just accepted: %+v %+v", made, operation)
	}
	e.Advance(slow + time.Minute)
	e.finishImage("in another process", made, operation, nil)
}

func lostImageIsAdopted(e *env) {
	before := e.Images()
	for _, do := range unreadable() {
		spec := e.imageSpec()
		target := e.imageRequest(spec)
		e.warmUp(e.cloud, e.source(1))
		e.Fault(target.with(do, 1, 1))
		ready := e.createImage(spec)
		e.Fault()
		if n := e.sent(target); n != 1 {
			e.Errorf("%s: sent %d times", do, n)
		}
		if now := e.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
			e.Errorf("%s: adopted %q, and there is %v", do, ready.ID, now)
		}
		if err := e.cloud.DeleteImage(e.Context(), ready.Ref()); err != nil {
			e.Fatalf("%s: delete: %v", do, err)
		}
	}
}

func failedImageIsSentOnce(e *env) {
	spec := e.imageSpec()
	target := e.imageRequest(spec)
	// Another process created an image with the same name and URL. It is not the new one.
	made, operation, err := e.reopen(e.Settings).CreateImage(e.Context(), spec)
	e.finishImage("older image", made, operation, err)
	before := e.Images()
	fresh := e.reopen(e.Settings)
	e.warmUp(fresh, e.source(1))
	for what, fault := range map[string]Fault{
		"reset": target.with(DoReset, 1, 0), "HTTP 503": target.responding(503, 0),
	} {
		e.startCounting()
		e.Fault(fault)
		_, _, err := fresh.CreateImage(e.Context(), spec)
		e.wantError(what, err, driver.KindAmbiguous)
		if n := e.sent(target); n != 1 {
			e.Errorf("%s: sent %d times", what, n)
		}
		e.Fault()
	}
	if diff := gocmp.Diff(before, e.Images()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

func imageStatsAddUp(e *env) {
	before, err := e.cloud.ImageStats(e.Context())
	if err != nil {
		e.Fatalf("stats: %v", err)
	}
	e.createImage(e.imageSpec())
	after, err := e.cloud.ImageStats(e.Context())
	if err != nil {
		e.Fatalf("stats: %v", err)
	}
	const rounding = 0.1
	if after.Count != before.Count+1 || after.UsedMB < before.UsedMB ||
		max(after.TotalMB-after.UsedMB-after.FreeMB, after.UsedMB+after.FreeMB-after.TotalMB) > rounding {
		e.Errorf("before %+v, and with one more image %+v", before, after)
	}
}

func promoted(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	before := e.Images()
	description := "From a snapshot."
	spec := driver.PromoteSpec{Snapshot: snap.Ref(), Name: "promoted", Description: &description, SSHKeyEnabled: true}
	made, operation, err := e.cloud.PromoteSnapshot(e.Context(), spec)
	ready := e.finishImage("promote", made, operation, err)
	if ready.Name != spec.Name || ready.Description != description || ready.Location != snap.Location {
		e.Errorf("promoted: %+v", ready)
	}
	if now := e.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
		e.Errorf("what exists at the cloud: %v, and it was %v", now, before)
	}
}

func exported(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	_, err := e.cloud.Export(e.Context(), snap.Ref())
	e.wantError("export that was never made", err, driver.KindNotFound)
	operation, err := e.cloud.StartExport(e.Context(), snap.Ref())
	if err != nil {
		e.Fatalf("export: %v", err)
	}
	export, err := e.cloud.FinishExport(e.Context(), snap.Ref(), operation)
	if err != nil || !strings.Contains(export.URL, "://") || len(export.MD5) != 32 {
		e.Errorf("export: %+v %v", export, err)
	}
	again, err := e.reopen(e.Settings).Export(e.Context(), snap.Ref())
	if err != nil || again.MD5 != export.MD5 {
		e.Errorf("read again: %+v %v", again, err)
	}
	read, err := e.cloud.Snapshot(e.Context(), snap.Ref())
	if err != nil || read.State != driver.StateExported {
		e.Errorf("the snapshot afterwards: %+v %v", read, err)
	}
}
