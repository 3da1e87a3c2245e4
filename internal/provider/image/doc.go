// Package image is the Terraform side of images: the resource cloudsnap_custom_image and the data sources cloudsnap_images and cloudsnap_image_stats.
//
// One attribute passes five places on its way to a cloud, under one name:
//
//	examples/resources/cloudsnap_custom_image/resource.tf   what a user writes
//	internal/provider/image/schema.go                       type, validators, plan modifiers, text
//	internal/provider/image/model.go                        toSpec and fromImage: Terraform ↔ domain
//	internal/cloud/driver/image.go                                 what it means
//	internal/drivers/<cloud>/convert.go                     domain ↔ wire
//
// A URL may be a secret: it may carry a signature. The value of url_wo is in no state, plan, log or message; secret.go sees to that.
//
// The package names no cloud: what differs between them comes from their Descriptors.
package image
