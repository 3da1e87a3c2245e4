package cloudtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// needs skips where a cloud lacks a capability.
func (b *bench) needs(a driver.Capability) {
	b.Helper()
	if !driver.Supports(b.harness.Driver, a) {
		b.Skipf("this cloud has no %s", a)
	}
}

// location is one that the world has something in, where it is chosen.
func (b *bench) location() string {
	b.Helper()
	return b.spec(b.source(1)).Location
}

// image asks for an image with everything that the cloud takes.
func (b *bench) image() driver.ImageSpec {
	b.Helper()
	rule := b.Limits.Image
	b.names++
	spec := driver.ImageSpec{
		Location:    b.location(),
		Name:        fmt.Sprintf("conformance image %d", b.names),
		Description: "Made by the conformance suite.",
		URL:         "https://images.example.net/golden.qcow2",
	}
	if rule.Takes(driver.ImageOSType) {
		spec.OSType = rule.OSTypes[0]
	}
	if rule.Takes(driver.ImageVersion) {
		spec.Version = "12.1"
	}
	if rule.Takes(driver.ImageChecksum) {
		spec.Checksum = strings.Repeat("0123456789abcdef", 2)
	}
	if rule.Takes(driver.ImageDefaultUser) {
		spec.DefaultUser = "debian"
	}
	if rule.Takes(driver.ImageBootMode) {
		spec.BootMode = rule.BootModes[len(rule.BootModes)-1]
	}
	if rule.Takes(driver.ImageBuild) {
		spec.Build = "20260921"
	}
	if rule.Takes(driver.ImageMaintainer) {
		spec.Maintainer = "operations"
	}
	if on := true; rule.Takes(driver.ImageConsistent) {
		spec.ApplicationConsistentSnapshotEnabled = &on
	}
	spec.SSHKeyEnabled = rule.Takes(driver.ImageSSHKeyEnabled)
	return spec
}

// finishImage waits for what was just asked for.
func (b *bench) finishImage(what string, made driver.Image, operation driver.Operation, err error) driver.Image {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	ready, err := b.cloud.WaitImage(b.Context(), made, operation)
	if err != nil {
		b.Fatalf("%s: wait: %v", what, err)
	}
	if ready.ID == "" || ready.State != driver.StateReady || made.ID != "" && made.ID != ready.ID {
		b.Errorf("%s: made %+v, and waited for %+v", what, made, ready)
	}
	return ready
}

func (b *bench) createImage(spec driver.ImageSpec) driver.Image {
	b.Helper()
	made, operation, err := b.cloud.CreateImage(b.Context(), spec)
	return b.finishImage("create image", made, operation, err)
}

// imageRequest learns in another world what a create of an image sends, and aims at it.
func (b *bench) imageRequest(spec driver.ImageSpec) Fault {
	b.Helper()
	twin := b.twin()
	twin.warm(twin.cloud, twin.source(1))
	if _, _, err := twin.cloud.CreateImage(b.Context(), spec); err != nil {
		b.Fatalf("create image: %v", err)
	}
	return twin.only()
}

func imageCreateWaitRead(b *bench) {
	b.needs(driver.CapabilityCustomImage)
	before := b.Images()
	spec := b.image()
	ready := b.createImage(spec)
	if diff := gocmp.Diff(spec, asked(spec, ready)); diff != "" {
		b.Errorf("sent and read: %s", diff)
	}
	if ready.URL != "" && ready.URL != spec.URL || ready.Standard || time.Since(ready.CreatedAt).Abs() > time.Minute {
		b.Errorf("the image: %+v", ready)
	}
	if now := b.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
		b.Errorf("what exists at the cloud: %v, and it was %v", now, before)
	}
	id := b.FormatID(b.Limits.ImageID, ready.Ref())
	imported, err := b.ParseID(b.Limits.ImageID, id)
	if err != nil {
		b.Fatalf("the ID %q: %v", id, err)
	}
	read, err := b.reopen(b.Settings).Image(b.Context(), imported)
	if diff := gocmp.Diff(ready, read); err != nil || diff != "" {
		b.Errorf("read by its import ID: %v %s", err, diff)
	}
}

// asked is what a configuration could have said to get this image: the spec itself, where all went well.
func asked(spec driver.ImageSpec, i driver.Image) driver.ImageSpec {
	return driver.ImageSpec{
		Location: i.Location, Name: i.Name, Description: i.Description, URL: spec.URL, OSType: i.OSType, Version: i.Version,
		Checksum: i.Checksum, DefaultUser: i.DefaultUser, BootMode: i.BootMode,
		SSHKeyEnabled: i.SSHKeyEnabled != nil && *i.SSHKeyEnabled, PasswordEnabled: i.PasswordEnabled != nil && *i.PasswordEnabled,
		Build: i.Build, Maintainer: i.Maintainer, ApplicationConsistentSnapshotEnabled: i.ApplicationConsistentSnapshotEnabled,
	}
}

func imageEditedAndDeleted(b *bench) {
	b.needs(driver.CapabilityCustomImage)
	before := b.Images()
	want := b.createImage(b.image())
	ref := want.Ref()
	name, text := "renamed image", "Described in place."
	for _, change := range []driver.ImageChange{{Name: &name}, {Description: &text}} {
		if change.Name != nil {
			want.Name = name
		} else {
			want.Description = text
		}
		got, err := b.cloud.UpdateImage(b.Context(), ref, change)
		got.ModifiedAt = want.ModifiedAt
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			b.Errorf("changed: %v %s", err, diff)
		}
	}
	for _, what := range []string{"delete", "delete again"} {
		if err := b.cloud.DeleteImage(b.Context(), ref); err != nil {
			b.Errorf("%s: %v", what, err)
		}
	}
	_, err := b.cloud.Image(b.Context(), ref)
	b.failed("read of what is deleted", err, driver.KindNotFound)
	if diff := gocmp.Diff(before, b.Images()); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

func imagesAreListed(b *bench) {
	b.needs(driver.CapabilityImages)
	b.needs(driver.CapabilityCustomImage)
	var want []string
	for range 3 {
		b.Advance(time.Hour)
		want = append([]string{b.createImage(b.image()).ID}, want...)
	}
	standard := false
	filter := driver.ImageFilter{Location: b.location(), Standard: &standard, Visibility: driver.VisibilityPrivate}
	list, err := b.cloud.Images(b.Context(), filter)
	if err != nil {
		b.Fatalf("list: %v", err)
	}
	var got []string
	for _, i := range list {
		if slices.Contains(want, i.ID) {
			got = append(got, i.ID)
		}
		if i.Standard {
			b.Errorf("the cloud's own %q is among the custom images", i.Name)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		b.Errorf("not newest first: %s", diff)
	}
}

func slowImage(b *bench) {
	b.needs(driver.CapabilityCustomImage)
	made, operation, err := b.cloud.CreateImage(b.Context(), b.image())
	if err != nil {
		b.Fatalf("create image: %v", err)
	}
	if made.State == driver.StateReady || made.ID == "" && operation.ID == "" {
		b.Errorf("just accepted: %+v %+v", made, operation)
	}
	b.Advance(slow + time.Minute)
	b.finishImage("in another process", made, operation, nil)
}

func lostImageIsAdopted(b *bench) {
	b.needs(driver.CapabilityCustomImage)
	b.needs(driver.CapabilityImages)
	before := b.Images()
	for _, do := range unreadable() {
		spec := b.image()
		aim := b.imageRequest(spec)
		b.warm(b.cloud, b.source(1))
		b.Fault(aim.with(do, 1, 1))
		ready := b.createImage(spec)
		b.Fault()
		if n := b.sent(aim); n != 1 {
			b.Errorf("%s: sent %d times", do, n)
		}
		if now := b.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
			b.Errorf("%s: adopted %q, and there is %v", do, ready.ID, now)
		}
		if err := b.cloud.DeleteImage(b.Context(), ready.Ref()); err != nil {
			b.Fatalf("%s: delete: %v", do, err)
		}
	}
}

func failedImageIsSentOnce(b *bench) {
	b.needs(driver.CapabilityCustomImage)
	spec := b.image()
	aim := b.imageRequest(spec)
	// An image of the same name and URL that another process made just now is not the new one.
	made, operation, err := b.reopen(b.Settings).CreateImage(b.Context(), spec)
	b.finishImage("older image", made, operation, err)
	before := b.Images()
	fresh := b.reopen(b.Settings)
	b.warm(fresh, b.source(1))
	for what, fault := range map[string]Fault{"reset": aim.with(DoReset, 1, 0), "HTTP 503": aim.answering(503, 0)} {
		b.mark()
		b.Fault(fault)
		_, _, err := fresh.CreateImage(b.Context(), spec)
		b.failed(what, err, driver.KindAmbiguous)
		if n := b.sent(aim); n != 1 {
			b.Errorf("%s: sent %d times", what, n)
		}
		b.Fault()
	}
	if diff := gocmp.Diff(before, b.Images()); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

func imageStatsAddUp(b *bench) {
	b.needs(driver.CapabilityImageStats)
	before, err := b.cloud.ImageStats(b.Context())
	if err != nil {
		b.Fatalf("stats: %v", err)
	}
	b.createImage(b.image())
	after, err := b.cloud.ImageStats(b.Context())
	if err != nil {
		b.Fatalf("stats: %v", err)
	}
	const rounding = 0.1
	if after.Count != before.Count+1 || after.UsedMB < before.UsedMB || max(after.TotalMB-after.UsedMB-after.FreeMB, after.UsedMB+after.FreeMB-after.TotalMB) > rounding {
		b.Errorf("before %+v, and with one more image %+v", before, after)
	}
}

func promoted(b *bench) {
	b.needs(driver.CapabilitySnapshotTemplate)
	snap := b.create(b.cloud, b.spec(b.source(1)))
	before := b.Images()
	description := "From a snapshot."
	spec := driver.PromoteSpec{Snapshot: snap.Ref(), Name: "promoted", Description: &description, SSHKeyEnabled: true}
	made, operation, err := b.cloud.PromoteSnapshot(b.Context(), spec)
	ready := b.finishImage("promote", made, operation, err)
	if ready.Name != spec.Name || ready.Description != description || ready.Location != snap.Location {
		b.Errorf("promoted: %+v", ready)
	}
	if now := b.Images(); len(now) != len(before)+1 || !slices.Contains(now, ready.ID) {
		b.Errorf("what exists at the cloud: %v, and it was %v", now, before)
	}
}

func exported(b *bench) {
	b.needs(driver.CapabilitySnapshotExport)
	snap := b.create(b.cloud, b.spec(b.source(1)))
	_, err := b.cloud.Export(b.Context(), snap.Ref())
	b.failed("export that was never made", err, driver.KindNotFound)
	operation, err := b.cloud.StartExport(b.Context(), snap.Ref())
	if err != nil {
		b.Fatalf("export: %v", err)
	}
	export, err := b.cloud.FinishExport(b.Context(), snap.Ref(), operation)
	if err != nil || !strings.Contains(export.URL, "://") || len(export.MD5) != 32 {
		b.Errorf("export: %+v %v", export, err)
	}
	again, err := b.reopen(b.Settings).Export(b.Context(), snap.Ref())
	if err != nil || again.MD5 != export.MD5 {
		b.Errorf("read again: %+v %v", again, err)
	}
	read, err := b.cloud.Snapshot(b.Context(), snap.Ref())
	if err != nil || read.State != driver.StateExported {
		b.Errorf("the snapshot afterwards: %+v %v", read, err)
	}
}
